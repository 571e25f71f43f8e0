import { join } from 'node:path';
import { listDvcOuts } from '../../pipelines/data/dvc/list-dvc-outs.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Environment } from '../remotes/open-remote.ts';
import { openDirectoryTree } from '../source-tree/open-directory-tree.ts';
import { openDvcRepository } from './open-dvc-repository.ts';
import { pullDvcOut } from './pull-dvc-out.ts';

/**
 * Brings what DVC keeps at a path of a checkout, from its cache or remote; true when something was placed. The files of DVC
 * are read at the first call. Throws `dvc-out-missing`, and what `pullDvcOut` throws.
 */
export function openDvcPuller(directory: string, environment: Environment): (path: string) => Promise<boolean> {
  let inventory: ReturnType<typeof listDvcOuts> | undefined;
  return async (path) => {
    inventory ??= openDirectoryTree(directory).then(listDvcOuts);
    const out = (await inventory).outs.find((one) => one.path === path);
    if (out === undefined) {
      throw new PulltrainError('dvc-out-missing', {
        what: 'no .dvc file or dvc.lock of the checkout names it',
        where: path,
        cure: 'Check out the commit that the run is of.',
      });
    }
    const repository = await openDvcRepository(join(directory, out.root), { environment });
    return (await pullDvcOut(out, { directory, repository })).changed > 0;
  };
}
