import { openStore } from '../../adapters/content-store/open-store.ts';
import { openDirectoryTree } from '../../adapters/source-tree/open-directory-tree.ts';
import { openWorkspace } from '../../adapters/workspace/open-workspace.ts';
import { pointerPath } from '../../pipelines/contracts/pointer.ts';
import type { Source } from '../../pipelines/contracts/run-record.ts';
import { listPointers } from '../../pipelines/data/list-pointers.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { fetchSources } from '../../pipelines/training/fetch-sources.ts';
import { dataRemote } from '../data-remote.ts';
import { parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';

const options = { remote: { type: 'string', about: '' } } as const;

/** Brings what the pointers name, all of them or those of the given paths, and leaves alone what is already there. */
export async function pullData(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { max: Number.POSITIVE_INFINITY });
  const paths = positionals.map((path) => path.replace(/\.pointer\.yml$/, '').replace(/^\.\//, ''));
  const pointers = await listPointers(
    await openDirectoryTree(terminal.directory),
    paths.length === 0 ? undefined : paths,
  );
  const without = paths.filter((path) => !pointers.has(path));
  if (without.length > 0) {
    throw new PulltrainError('pointer-missing', {
      what: 'there is no pointer',
      where: without.map(pointerPath).join(', '),
    });
  }
  const sources = [...pointers].map(([path, { integrity }]): Source => ({ path, integrity, origin: 'pointer' }));
  const placed = await fetchSources(sources, {
    workspace: openWorkspace(terminal.directory),
    store: openStore(await dataRemote(values.remote, terminal)),
    progress: terminal.progress,
  });
  const present = sources.map(({ path }) => path).filter((path) => !placed.includes(path));
  terminal.answer({ placed, present }, `${placed.length} brought, ${present.length} already there`);
  return 0;
}
