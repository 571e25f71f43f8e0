import { collectAbsent } from '../../adapters/content-store/collect-objects.ts';
import { fetchObjects } from '../../adapters/content-store/fetch-objects.ts';
import { localSource } from '../../adapters/content-store/local-source.ts';
import { openRemote } from '../../adapters/remotes/open-remote.ts';
import { openDirectoryTree } from '../../adapters/source-tree/open-directory-tree.ts';
import { findPointers } from '../../adapters/workspace/find-pointers.ts';
import { type Pointer, pointerPath } from '../../pipelines/contracts/pointer.ts';
import { listDvcOuts } from '../../pipelines/data/dvc/list-dvc-outs.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { dataRemote } from '../data-remote.ts';
import { parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { checkoutData } from './checkout-data.ts';
import { openProgress } from './open-progress.ts';
import { type DataRepository, openRepository } from './open-repository.ts';
import { pullDvc, selectDvc } from './pull-dvc.ts';
import { readHoldouts } from './read-holdouts.ts';

const options = {
  remote: { type: 'string', about: '' },
  force: { type: 'boolean', default: false, about: '' },
} as const;

/**
 * Brings what the pointers and `.dvc` files name, all of them or those at or below the given paths, into the local store
 * and from there to its place. What is already there is left alone, and a fault of one leaves the others usable.
 */
export async function pullData(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { max: Number.POSITIVE_INFINITY });
  using repository = await openRepository(terminal);
  const paths = positionals.map((given) => repository.pathOf(given));
  const all = await findPointers(repository.root);
  const dvc = selectDvc(await listDvcOuts(await openDirectoryTree(repository.root)), paths);
  const isAsked = (path: string) =>
    paths.length === 0 || paths.some((one) => one === '' || path === one || path.startsWith(`${one}/`));
  const pointers = new Map([...all].filter(([path]) => isAsked(path)));
  const isNamed = (one: string) => {
    const chosen = selectDvc(dvc, [one]);
    return one === '' || chosen.outs.length + chosen.faults.length > 0;
  };
  const without = paths.filter(
    (one) => ![...pointers.keys()].some((path) => path === one || path.startsWith(`${one}/`)) && !isNamed(one),
  );
  if (without.length > 0) {
    throw new PulltrainError('pointer-missing', {
      what: 'there is neither a pointer nor a .dvc file',
      where: without.map(pointerPath).join(', '),
    });
  }
  const faults = await bring(repository, pointers, values.remote, terminal);
  const own = await checkoutData(repository, pointers, values.force, terminal);
  // A training job has no key to the store of the holdout, and does without it.
  const held = values.remote === undefined && paths.length === 0 ? await readHoldouts(repository.root) : [];
  const missed = own.faults.filter(({ path, code }) => code === 'content-missing' && held.includes(path));
  const pulled = await pullDvc(dvc, { root: repository.root, remote: values.remote, terminal });
  const failed = [...faults, ...own.faults.filter((fault) => !missed.includes(fault)), ...pulled.faults];
  const placed = [...own.placed, ...pulled.placed];
  const present = [...own.present, ...pulled.present];
  terminal.answer(
    { placed, present, extra: pulled.extra, faults: failed },
    [
      ...failed.map(({ path, message }) =>
        terminal.paint('red', message.startsWith(path) ? message : `${path}: ${message}`),
      ),
      ...missed.map(({ path }) => `${path} is a holdout, and lies in another store than the one used here`),
      ...(pulled.extra.length === 0 ? [] : [`left alone, as nothing names them: ${pulled.extra.join(', ')}`]),
      `${placed.length} brought, ${present.length} already there${failed.length === 0 ? '' : `, ${failed.length} not`}`,
    ].join('\n'),
  );
  return failed.length === 0 ? 0 : 1;
}

/** Fetches what the local store lacks; a remote is asked for only when something is. */
async function bring(
  repository: DataRepository,
  pointers: ReadonlyMap<string, Pointer>,
  named: string | undefined,
  terminal: Terminal,
): Promise<{ path: string; code: string; message: string }[]> {
  const contents = [...pointers.values()].map(({ type = 'file', integrity }) => ({ type, integrity }));
  const absent = await collectAbsent(await localSource(repository.store), contents);
  if (absent.length === 0) return [];
  const url = await dataRemote(named, terminal, repository.root);
  const remote = openRemote(url, terminal.environment);
  let report: (bytes: number) => void = () => undefined;
  let total = 0;
  const fetched = await fetchObjects(repository.store, remote, absent, {
    total(bytes) {
      if (bytes > total) report = openProgress(terminal, 'Pulling', bytes);
      total = bytes;
    },
    passed: (bytes) => report(bytes),
  });
  if (fetched.absent.length === 0 && fetched.faults.length === 0) {
    for (const { integrity } of contents) repository.stats.rememberAt(url, integrity);
  }
  return fetched.faults.map((message) => ({ path: remote.address, code: 'remote-failed', message }));
}
