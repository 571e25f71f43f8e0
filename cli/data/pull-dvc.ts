import { join } from 'node:path';
import { type DvcRepository, openDvcRepository } from '../../adapters/dvc/open-dvc-repository.ts';
import { pullDvcOut } from '../../adapters/dvc/pull-dvc-out.ts';
import type { DvcInventory } from '../../pipelines/data/dvc/list-dvc-outs.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Terminal } from '../verb.ts';
import { openProgress } from './open-progress.ts';

export type DvcPull = {
  placed: string[];
  present: string[];
  /** Files in folders of DVC that nobody names; they were left. */
  extra: string[];
  faults: { path: string; code: string; message: string }[];
};

/**
 * Brings the outs of a DVC repository from its cache or remote. A fault of one leaves the others usable; `remote` is a
 * name or an address that comes before what the repository says.
 */
export async function pullDvc(
  { outs, faults: unreadable }: DvcInventory,
  { root: directory, remote, terminal }: { root: string; remote: string | undefined; terminal: Terminal },
): Promise<DvcPull> {
  const result: DvcPull = {
    placed: [],
    present: [],
    extra: [],
    faults: unreadable.map(({ path, file, what, cure }) => ({
      path,
      code: 'dvc-file-invalid',
      message: new PulltrainError('dvc-file-invalid', { what: `${path}: ${what}`, where: file, cure }).message,
    })),
  };
  const repositories = new Map<string, Promise<DvcRepository>>();
  const total = outs.reduce((sum, { size = 0 }) => sum + size, 0);
  const report = openProgress(terminal, 'Pulling', total);
  for (const out of outs) {
    const { root } = out;
    const opened =
      repositories.get(root) ?? openDvcRepository(join(directory, root), { remote, environment: terminal.environment });
    repositories.set(root, opened);
    let passed = 0;
    const count = (bytes: number) => {
      passed += bytes;
      report(bytes);
    };
    try {
      const { changed, extra } = await pullDvcOut(out, { directory, repository: await opened, report: count });
      // What was there already has come as far as what was brought.
      report(Math.max(0, (out.size ?? 0) - passed));
      (changed > 0 ? result.placed : result.present).push(out.path);
      result.extra.push(...extra);
    } catch (cause) {
      if (!(cause instanceof PulltrainError)) throw cause;
      result.faults.push({ path: out.path, code: cause.code, message: cause.message });
    }
  }
  return result;
}

/** The part of an inventory that lies at or below the paths, which may also name `.dvc` files; all of it without paths. */
export function selectDvc({ outs, faults }: DvcInventory, paths: readonly string[]): DvcInventory {
  if (paths.length === 0) return { outs, faults };
  const isMeant = ({ path, file }: { path: string; file: string }) =>
    paths.some((wanted) => path === wanted || path.startsWith(`${wanted}/`) || file === wanted);
  return { outs: outs.filter(isMeant), faults: faults.filter(isMeant) };
}
