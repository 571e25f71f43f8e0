import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseConfig } from '../pipelines/config/parse-config.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import type { Terminal } from './verb.ts';

/** The store to use: the one named on the command line, else `data.remote` of `pulltrain.yml` in `root`. */
export async function dataRemote(
  named: string | undefined,
  terminal: Terminal,
  root: string = terminal.directory,
): Promise<string> {
  if (named !== undefined && named !== '') return named;
  const text = await readFile(join(root, 'pulltrain.yml'), 'utf8').catch(() => null);
  const remote = text === null ? undefined : parseConfig(text, 'pulltrain.yml').data.remote;
  if (remote !== undefined) return remote;
  throw new PulltrainError('usage', { what: '--remote is missing, and pulltrain.yml here names no data.remote' });
}
