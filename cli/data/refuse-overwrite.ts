import { stat } from 'node:fs/promises';
import { PulltrainError } from '../../pipelines/errors.ts';

/** Throws `file-exists` when something lies where a new file would go; `path` is what the user called it. */
export async function refuseOverwrite(file: string, path: string): Promise<void> {
  const found = await stat(file).catch(() => null);
  if (found === null) return;
  throw new PulltrainError('file-exists', {
    what: 'there already is a file',
    where: path,
    cure: 'Name another, or overwrite it with --force.',
  });
}
