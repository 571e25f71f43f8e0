import posix from 'node:path/posix';
import { PulltrainError } from '../../errors.ts';
import type { SourceTree } from '../../ports/source-tree.ts';
import { readPipeline } from '../../training/read-pipeline.ts';
import type { DvcOut } from './dvc-out.ts';
import { parseDvcFile } from './parse-dvc-file.ts';
import { parseDvcLock } from './parse-dvc-lock.ts';
import type { DvcFault } from './read-dvc-out.ts';

/** Data that DVC keeps, with the folder of the DVC repository each belongs to ('' is the root of the tree). */
export type DvcInventory = { outs: (DvcOut & { root: string })[]; faults: DvcFault[] };

/**
 * Everything that `.dvc` and `dvc.lock` files of a tree name. What cannot be read comes back as a fault beside the rest,
 * so that one broken file does not hide the others.
 */
export async function listDvcOuts(tree: SourceTree): Promise<DvcInventory> {
  const paths = await tree.list('');
  const roots = paths.filter((path) => path === '.dvc/config' || path.endsWith('/.dvc/config')).map(rootOfConfig);
  const outs: DvcInventory['outs'] = [];
  const faults: DvcFault[] = [];
  const named = new Map<string, string>();
  for (const path of paths.filter(isDvcText)) {
    const root = nearestRoot(path, roots);
    const read = await readOuts(tree, path);
    faults.push(...read.faults);
    for (const out of read.outs) {
      const other = named.get(out.path);
      if (other !== undefined) {
        faults.push({
          path: out.path,
          file: path,
          what: `${other} names it as well`,
          cure: 'Keep one of the two.',
        });
        continue;
      }
      named.set(out.path, path);
      outs.push({ ...out, root });
    }
  }
  return { outs, faults };
}

function isDvcText(path: string): boolean {
  const name = posix.basename(path);
  if (path.startsWith('.dvc/') || path.includes('/.dvc/')) return false;
  return name === 'dvc.lock' || (name.endsWith('.dvc') && name !== '.dvc');
}

async function readOuts(tree: SourceTree, path: string): Promise<{ outs: DvcOut[]; faults: DvcFault[] }> {
  try {
    const bytes = await tree.read(path);
    if (bytes === null) return { outs: [], faults: [] };
    const text = new TextDecoder().decode(bytes);
    if (posix.basename(path) !== 'dvc.lock') return parseDvcFile(text, path);
    const pipeline = path.replace(/\.lock$/, '.yaml');
    // A lock without its pipeline is a leftover, for DVC as well.
    if ((await tree.read(pipeline)) === null) return { outs: [], faults: [] };
    return parseDvcLock(text, path, await readPipeline(tree, pipeline));
  } catch (thrown) {
    if (!(thrown instanceof PulltrainError)) throw thrown;
    const { what, cure = 'Correct the file.' } = thrown.parts;
    return { outs: [], faults: [{ path, file: thrown.parts.where ?? path, what, cure }] };
  }
}

function rootOfConfig(path: string): string {
  return path.replace(/\/?\.dvc\/config$/, '');
}

function nearestRoot(path: string, roots: readonly string[]): string {
  const around = roots.filter((root) => root === '' || path.startsWith(`${root}/`));
  return around.sort((left, right) => right.length - left.length)[0] ?? '';
}
