import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Terminal } from '../verb.ts';

/** The full path of a file that the user named; throws `file-missing` when there is none. */
export async function requireFile(path: string, terminal: Terminal): Promise<string> {
  const file = resolve(terminal.directory, path);
  const found = await stat(file).catch(() => null);
  if (found?.isFile() === true) return file;
  throw new PulltrainError('file-missing', {
    what: found === null ? 'there is no such file' : 'not a file',
    where: path,
  });
}
