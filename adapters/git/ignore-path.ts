import { appendFile, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isIgnored } from './is-ignored.ts';

/** Adds a file or folder to the `.gitignore` beside it unless git leaves it alone already; true when a line was added. */
export async function ignorePath(path: string): Promise<boolean> {
  if (await isIgnored(dirname(path), path)) return false;
  const file = join(dirname(path), '.gitignore');
  const before = await readFile(file, 'utf8').catch(() => '');
  await appendFile(file, `${before === '' || before.endsWith('\n') ? '' : '\n'}${ignorePattern(basename(path))}\n`);
  return true;
}

/** A pattern for exactly this name. What a line of `.gitignore` cannot hold is replaced by "any one character". */
export function ignorePattern(name: string): string {
  const escaped = name.replace(/[\\*?[\]]/g, '\\$&').replace(/[\r\n]/g, '?');
  return `/${escaped.replace(/ $/, '\\ ')}`;
}
