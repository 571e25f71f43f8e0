import { pushObjects } from '../../adapters/content-store/push-objects.ts';
import { openRemote } from '../../adapters/remotes/open-remote.ts';
import { findPointers } from '../../adapters/workspace/find-pointers.ts';
import type { Pointer } from '../../pipelines/contracts/pointer.ts';
import { formatBytes } from '../../pipelines/data/store/format-bytes.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { dataRemote } from '../data-remote.ts';
import { parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { openProgress } from './open-progress.ts';
import { type DataRepository, openRepository } from './open-repository.ts';
import { readHoldouts } from './read-holdouts.ts';

const options = { remote: { type: 'string', about: '' } } as const;

/** Sends what the pointers name, all of them or those at or below the given paths, to the remote. */
export async function sendData(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { max: Number.POSITIVE_INFINITY });
  using repository = await openRepository(terminal);
  const pointers = await findPointers(
    repository.root,
    positionals.map((given) => repository.pathOf(given)),
  );
  const remote = await dataRemote(values.remote, terminal, repository.root);
  // The rows that judge must not lie where training can read them: they go only where somebody says so.
  const kept = values.remote === undefined && positionals.length === 0 ? await readHoldouts(repository.root) : [];
  const held = kept.filter((path) => pointers.delete(path));
  const { bytes, objects } = await pushData(repository, pointers, remote, terminal);
  const sentence = objects === 0 ? 'everything is there already' : `${objects} objects sent, ${formatBytes(bytes)}`;
  const aside = held.map((path) => `${path} is a holdout: it goes only where you say (--remote)`);
  terminal.answer({ remote, pushed: [...pointers.keys()], objects, bytes, held }, [sentence, ...aside].join('\n'));
  return 0;
}

/** Sends data and remembers that it is there. Throws `push-failed` when some of it did not arrive. */
export async function pushData(
  repository: DataRepository,
  pointers: ReadonlyMap<string, Pointer>,
  url: string,
  terminal: Terminal,
): Promise<{ bytes: number; objects: number }> {
  const remote = openRemote(url, terminal.environment);
  const contents = [...pointers.values()].map(({ type = 'file', integrity }) => ({ type, integrity }));
  let report: (bytes: number) => void = () => undefined;
  const pushed = await pushObjects(repository.store, remote, contents, {
    total: (bytes) => {
      report = openProgress(terminal, 'Pushing', bytes);
    },
    passed: (bytes) => report(bytes),
  });
  const { absent, faults } = pushed;
  if (absent.length > 0 || faults.length > 0) {
    const some = [...faults, ...absent.map((integrity) => `${integrity} is not in the local store`)];
    const shown = some.slice(0, 10).join('; ');
    throw new PulltrainError('push-failed', {
      what: `${some.length} of the objects did not arrive, the others did: ${shown}`,
      where: remote.address,
      cure: 'Run pulltrain data push again: it goes on with what is missing. What is not here must be added again (pulltrain data add).',
    });
  }
  for (const { integrity } of contents) repository.stats.rememberAt(url, integrity);
  return pushed;
}
