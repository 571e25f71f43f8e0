import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PulltrainError } from '../../pipelines/errors.ts';

/**
 * Files of the prediction log of one model, sorted: the file itself, or every `*.jsonl` of a folder's subfolder for the
 * model, or of the folder. Empty when nothing was logged yet. `place` is a path or a `file:///` URL. Throws
 * `log-missing`.
 */
export async function listSegments(place: string, model: string, base: string): Promise<string[]> {
  const path = toPath(place, base);
  const kind = await stat(path).catch(() => null);
  if (kind?.isFile() === true) return [path];
  if (kind === null) {
    throw new PulltrainError('log-missing', {
      what: 'there is no prediction log here',
      where: place,
      cure: 'Name the folder that the model server was started with',
    });
  }
  const own = await stat(join(path, model)).catch(() => null);
  const folder = own?.isDirectory() === true ? join(path, model) : path;
  const names = await readdir(folder);
  return names
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .map((name) => join(folder, name));
}

function toPath(place: string, base: string): string {
  if (place.startsWith('file:///')) return fileURLToPath(place);
  if (!place.includes('://')) return isAbsolute(place) ? place : join(base, place);
  throw new PulltrainError('log-unknown', {
    what: 'this kind of log is not known',
    seen: place.replace(/\/\/[^/@]*@/, '//***@'),
    allowed: 'a path or file:///folder',
  });
}
