import { checkoutFile } from '../../adapters/content-store/checkout-file.ts';
import { checkoutTree } from '../../adapters/content-store/checkout-tree.ts';
import { requireInside } from '../../adapters/workspace/require-inside.ts';
import type { Pointer } from '../../pipelines/contracts/pointer.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Terminal } from '../verb.ts';
import { openProgress } from './open-progress.ts';
import type { DataRepository } from './open-repository.ts';

export type CheckedOut = {
  placed: string[];
  present: string[];
  faults: { path: string; code: string; message: string }[];
};

/** Makes the working directory what the pointers say, out of the local store. A fault of one leaves the others usable. */
export async function checkoutData(
  repository: DataRepository,
  pointers: ReadonlyMap<string, Pointer>,
  force: boolean,
  terminal: Terminal,
): Promise<CheckedOut> {
  const { store, stats, root } = repository;
  const result: CheckedOut = { placed: [], present: [], faults: [] };
  const total = [...pointers.values()].reduce((sum, { size }) => sum + size, 0);
  const report = openProgress(terminal, 'Placing', total);
  for (const [path, { type, integrity, size }] of pointers) {
    const place = repository.absolute(path);
    try {
      await requireInside(root, path);
      const changed =
        type === 'directory'
          ? await checkoutTree(
              store,
              integrity,
              { directory: place, cache: stats, key: path, boundary: root },
              { force, report },
            )
          : Number(await checkoutFile(store, integrity, { file: place, cache: stats, key: path }, { force }));
      if (type !== 'directory' && changed > 0) report(size);
      (changed > 0 ? result.placed : result.present).push(path);
    } catch (cause) {
      if (!(cause instanceof PulltrainError)) throw cause;
      result.faults.push({ path, code: cause.code, message: cause.message });
    }
  }
  return result;
}
