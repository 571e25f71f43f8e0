import { statSync } from 'node:fs';
import { isOnDisk } from '../../adapters/content-store/checkout-file.ts';
import { compareTree } from '../../adapters/content-store/compare-tree.ts';
import { snapshotTree } from '../../adapters/content-store/snapshot-tree.ts';
import { findPointers } from '../../adapters/workspace/find-pointers.ts';
import { requireInside } from '../../adapters/workspace/require-inside.ts';
import type { Pointer } from '../../pipelines/contracts/pointer.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { dataRemote } from '../data-remote.ts';
import { parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { openProgress } from './open-progress.ts';
import { type DataRepository, openRepository } from './open-repository.ts';

const options = { remote: { type: 'string', about: '' } } as const;
/** Paths that are written out for one folder. */
const shown = 10;

type State = {
  path: string;
  state: 'unchanged' | 'changed' | 'missing' | 'unreadable';
  /** Files of a folder, when its tree is here to compare with. */
  new?: string[];
  changed?: string[];
  removed?: string[];
  message?: string;
  /** Whether all of it is known to be at the remote; null when none is configured. */
  pushed: boolean | null;
};

/** Tells what differs between data and pointers; files that look as they did when they were last read are not read. */
export async function showStatus(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { max: Number.POSITIVE_INFINITY });
  using repository = await openRepository(terminal);
  const paths = positionals.map((given) => repository.pathOf(given));
  const pointers = await findPointers(repository.root, paths);
  const remote = await dataRemote(values.remote, terminal, repository.root).catch(() => null);
  const states: State[] = [];
  for (const [path, pointer] of pointers) {
    const pushed = remote === null ? null : repository.stats.isAt(remote, pointer.integrity);
    states.push({ path, ...(await compare(repository, path, pointer, terminal)), pushed });
  }
  const lines = states.flatMap((state) => describe(state, terminal));
  const count = (of: State['state']) => states.filter(({ state }) => state === of).length;
  const counts = (['unchanged', 'changed', 'missing', 'unreadable'] as const)
    .filter((of) => of === 'unchanged' || count(of) > 0)
    .map((of) => `${count(of)} ${of}`);
  const waiting = states.filter(({ pushed }) => pushed === false).length;
  if (waiting > 0) counts.push(`${waiting} not pushed to ${remote}`);
  terminal.answer({ remote, data: states }, [...lines, counts.join(', ')].join('\n'));
  return count('unreadable') === 0 ? 0 : 1;
}

async function compare(
  repository: DataRepository,
  path: string,
  { type, integrity }: Pointer,
  terminal: Terminal,
): Promise<Omit<State, 'path' | 'pushed'>> {
  const { root, stats, store } = repository;
  const place = repository.absolute(path);
  try {
    await requireInside(root, path);
    const found = statSync(place, { throwIfNoEntry: false });
    if (found === undefined) return { state: 'missing' };
    if ((type === 'directory') !== found.isDirectory()) return { state: 'changed' };
    if (type !== 'directory') {
      const isSame = await isOnDisk({ file: place, cache: stats, key: path }, found, integrity);
      return { state: isSame ? 'unchanged' : 'changed' };
    }
    const at = { directory: place, cache: stats, key: path, boundary: root };
    const snapshot = await snapshotTree(at, openProgress(terminal, `Reading ${path}`, 0));
    if (snapshot.sum.integrity === integrity) return { state: 'unchanged' };
    const difference = await compareTree(store, snapshot.root, integrity, at).catch((thrown) => {
      if (thrown instanceof PulltrainError && thrown.code === 'content-missing') return null;
      throw thrown;
    });
    if (difference === null) return { state: 'changed', message: 'what it was is not in the local store' };
    return {
      state: 'changed',
      new: difference.added.map((file) => file.path),
      changed: difference.changed.map((file) => file.path),
      removed: difference.removed.map((file) => file.path),
    };
  } catch (cause) {
    if (!(cause instanceof PulltrainError)) throw cause;
    return { state: 'unreadable', message: cause.message };
  }
}

function describe(state: State, terminal: Terminal): string[] {
  if (state.state === 'unchanged' && state.pushed !== false) return [];
  const style = state.state === 'unchanged' ? 'dim' : state.state === 'changed' ? 'yellow' : 'red';
  const aside = state.pushed === false ? '  not pushed' : '';
  const said = state.message === undefined ? '' : `  ${state.message}`;
  const below = (['new', 'changed', 'removed'] as const).flatMap((kind) => {
    const paths = state[kind] ?? [];
    const more = paths.length - shown;
    return [
      ...paths.slice(0, shown).map((path) => `  ${kind.padEnd(8)} ${path}`),
      ...(more > 0 ? [`  ${kind.padEnd(8)} and ${more} more`] : []),
    ];
  });
  return [`${terminal.paint(style, state.state.padEnd(10))} ${state.path}${aside}${said}`, ...below];
}
