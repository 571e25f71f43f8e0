import posix from 'node:path/posix';
import type { Source } from '../../contracts/run-record.ts';
import type { SourceTree } from '../../ports/source-tree.ts';
import { type DvcOut, dvcIntegrity } from './dvc-out.ts';
import { type DvcInventory, listDvcOuts } from './list-dvc-outs.ts';
import { parseDvcFile } from './parse-dvc-file.ts';

/** Reading every `.dvc` file of a tree is done once, and only when a file of the usual name does not answer. */
const inventories = new WeakMap<SourceTree, Promise<DvcInventory>>();

/** What DVC keeps at that very path by a file of the usual name, `<path>.dvc`; null when there is none. */
export async function readDvcOutOf(tree: SourceTree, path: string): Promise<DvcOut | null> {
  return (await readDvcOutsOf(tree, `${path}.dvc`)).find((out) => out.path === path) ?? null;
}

/** Everything that a `.dvc` file names; nothing when it is no file. Throws `dvc-file-invalid`. */
export async function readDvcOutsOf(tree: SourceTree, file: string): Promise<DvcOut[]> {
  const bytes = await tree.read(file);
  return bytes === null ? [] : parseDvcFile(new TextDecoder().decode(bytes), file).outs;
}

/** What DVC keeps at a path, or the folder of DVC that the path lies in, whichever file names it. */
export async function findDvcOutAround(tree: SourceTree, path: string): Promise<DvcOut | null> {
  const inventory = inventories.get(tree) ?? listDvcOuts(tree);
  inventories.set(tree, inventory);
  const outs = new Map((await inventory).outs.map((out) => [out.path, out]));
  for (let around = path; around !== '.' && around !== '/'; around = posix.dirname(around)) {
    const out = outs.get(around);
    if (out !== undefined && (around === path || out.digest.isDirectory)) return out;
  }
  return null;
}

/** A file or folder of DVC as something that goes into a run. */
export function dvcSource({ path, digest }: DvcOut): Source {
  const type = digest.isDirectory ? { type: 'directory' as const } : {};
  return { path, integrity: dvcIntegrity(digest), origin: 'dvc', ...type };
}
