import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openStore } from '../../adapters/content-store/open-store.ts';
import { pointerPath } from '../../pipelines/contracts/pointer.ts';
import { parsePointer } from '../../pipelines/data/parse-pointer.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { hideStore } from '../hide-store.ts';

/** Brings the ground truth that a pointer of the checkout names onto this machine, verified. Returns its path. */
export async function fetchLabels(
  { data, remote }: { data: string; remote: string },
  { directory, temporary }: { directory: string; temporary: string },
): Promise<string> {
  if (remote === '') {
    throw new PulltrainError('labels-remote-missing', {
      what: 'monitor.labels is set, and the input labels-remote is not',
      cure: 'Pass the store that holds the ground truth',
    });
  }
  const where = pointerPath(data);
  const text = await readFile(join(directory, where), 'utf8').catch((cause: unknown) => {
    throw new PulltrainError('pointer-missing', {
      what: 'the pointer of monitor.labels.data is not there',
      where,
      cause,
    });
  });
  const folder = join(temporary, 'pulltrain-labels');
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'labels.parquet');
  await rm(file, { force: true });
  const { integrity } = parsePointer(text, where);
  try {
    await openStore(remote).get(integrity, file);
  } catch (thrown) {
    throw hideStore(thrown, 'the ground truth');
  }
  return file;
}
