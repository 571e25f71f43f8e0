import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pointerPath } from '../../pipelines/contracts/pointer.ts';
import { parsePointer } from '../../pipelines/data/parse-pointer.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { FeatureFiles } from '../../pipelines/features/feature-ports.ts';
import { identifyInTree } from '../../pipelines/features/identify-in-tree.ts';
import { integrityHex, integrityOf } from '../../pipelines/integrity.ts';
import type { ContentStore } from '../../pipelines/ports/content-store.ts';
import type { SourceTree } from '../../pipelines/ports/source-tree.ts';
import { integrityOfFile } from '../workspace/integrity-of-file.ts';
import { openWorkspace } from '../workspace/open-workspace.ts';

export type FeatureFilesOptions = {
  /** Root of the checkout. */
  root: string;
  tree: SourceTree;
  /** The tree is a commit: a file without a pointer is what the commit holds, not what lies on disk. */
  committed: boolean;
  /** Where the bytes behind pointers are; null when none is configured. */
  store: ContentStore | null;
  /** Folder for what has to be fetched. */
  folder: string;
};

/** Data files as the tree names them; bytes come from the checkout when they are the right ones, else from git or the store. */
export function openFeatureFiles({ root, tree, committed, store, folder }: FeatureFilesOptions): FeatureFiles {
  async function pointed(path: string): Promise<string | null> {
    const bytes = await tree.read(pointerPath(path));
    return bytes === null ? null : parsePointer(new TextDecoder().decode(bytes), pointerPath(path)).integrity;
  }

  async function onDisk(path: string): Promise<boolean> {
    return (await stat(join(root, path)).catch(() => null))?.isFile() === true;
  }

  return {
    tree,
    async identify(path) {
      const integrity = await pointed(path);
      if (integrity !== null) return integrity;
      if (!committed) return (await onDisk(path)) ? integrityOfFile(join(root, path)) : null;
      return identifyInTree(tree, path);
    },

    async open(path, integrity) {
      const local = join(root, path);
      const present = await openWorkspace(root).integrity(path, integrity);
      if (present === integrity) return local;
      const place = join(folder, `${integrityHex(integrity)}-${basename(path)}`);
      if ((await stat(place).catch(() => null)) !== null) return place;
      const isPointed = (await pointed(path)) !== null;
      const bytes = isPointed || !committed ? null : await tree.read(path);
      if (bytes !== null && integrityOf(bytes) === integrity) {
        await writeWhole(place, bytes);
        return place;
      }
      if (store !== null && (await store.has(integrity))) {
        await mkdir(folder, { recursive: true });
        await store.get(integrity, place);
        return place;
      }
      if (present !== null && isPointed && !committed) {
        throw new PulltrainError('data-differs', {
          what: 'the file is not what its pointer names',
          where: path,
          seen: present,
          allowed: integrity,
          cure: `Keep it with "pulltrain data add ${path}", or bring back what the pointer names with "pulltrain data pull".`,
        });
      }
      throw new PulltrainError('data-missing', {
        what: `the bytes of ${path} are not here${store === null ? ', and no data store is named' : ' and not in the data store'}`,
        where: path,
        allowed: integrity,
        cure: 'Bring them with "pulltrain data pull", or name the store with --data-remote. In a stage, list the file under deps.',
      });
    },
  };
}

async function writeWhole(place: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${place}.${process.pid}.part`;
  await mkdir(dirname(place), { recursive: true });
  try {
    await writeFile(temporary, bytes, { flush: true });
    await rename(temporary, place);
  } finally {
    await rm(temporary, { force: true });
  }
}
