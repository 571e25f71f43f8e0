import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Terminal } from '../verb.ts';

/** Text of a file that the user named; throws `file-missing`. */
export async function readText(path: string, terminal: Terminal): Promise<string> {
  try {
    return await readFile(resolve(terminal.directory, path), 'utf8');
  } catch (cause) {
    throw new PulltrainError('file-missing', { what: 'the file cannot be read', where: path, cause });
  }
}
