import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openStore } from '../../adapters/content-store/open-store.ts';
import type { Pointer } from '../../pipelines/contracts/pointer.ts';
import { pointerPath } from '../../pipelines/contracts/pointer.ts';
import type { Source } from '../../pipelines/contracts/run-record.ts';
import { isTable } from '../../pipelines/data/table-source.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { TrainingData } from '../../pipelines/evaluation/find-leaks.ts';
import { integrityHex } from '../../pipelines/integrity.ts';
import { hideStore } from '../hide-store.ts';

/** Bytes; larger training data is judged by what its pointer claims instead of being brought here. */
const largestLook = 2 * 1024 ** 3;

/** The bytes that the holdout's pointer names, verified, as a local file. */
export async function fetchHoldout(
  data: string,
  pointers: ReadonlyMap<string, Pointer>,
  { remote, folder }: { remote: string; folder: string },
): Promise<{ file: string; integrity: string }> {
  const pointer = pointers.get(data);
  if (pointer === undefined) {
    throw new PulltrainError('holdout-pointer-missing', {
      what: 'the default branch has no pointer of the holdout',
      where: pointerPath(data),
      cure: 'Add the holdout with pulltrain data add, and merge its pointer.',
    });
  }
  if (remote === '') {
    throw new PulltrainError('holdout-remote-missing', {
      what: 'the store of the holdout is not known to this job',
      cure: 'Set the secret of the environment holdout, and pass it as holdout-remote.',
    });
  }
  const place = join(folder, 'holdout');
  await mkdir(place, { recursive: true });
  const file = join(place, basename(data));
  try {
    await openStore(remote).get(pointer.integrity, file);
  } catch (thrown) {
    throw hideStore(thrown, 'the holdout');
  }
  return { file, integrity: pointer.integrity };
}

/** Training data with its bytes where the store has them and they are not too large to look into. */
export async function fetchTrainingData(
  sources: readonly Source[],
  pointers: ReadonlyMap<string, Pointer>,
  { remote, folder }: { remote: string; folder: string },
): Promise<TrainingData[]> {
  const store = remote === '' ? null : openStore(remote);
  const place = join(folder, 'training');
  await mkdir(place, { recursive: true });
  const found: TrainingData[] = [];
  for (const { path, integrity, origin } of sources) {
    // What DVC keeps lies in a place of its own, to which this job has no key.
    if (origin === 'dvc') found.push({ path, integrity, claimed: null, file: null });
    if (origin !== 'pointer') continue;
    const pointer = pointers.get(path);
    const known = pointer?.integrity === integrity ? pointer : undefined;
    // The pointer's own size is a claim, and one past the limit would keep its bytes from being looked at.
    const size = (await store?.size(integrity)) ?? null;
    const canLook = isTable(path) && size !== null && size <= largestLook;
    const file = canLook ? join(place, `${integrityHex(integrity).slice(0, 32)}-${basename(path)}`) : null;
    if (file !== null) await store?.get(integrity, file);
    found.push({ path, integrity, claimed: known?.table?.time ?? null, file });
  }
  return found;
}
