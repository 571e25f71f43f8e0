import { openStore } from '../../adapters/content-store/open-store.ts';
import { openDirectoryTree } from '../../adapters/source-tree/open-directory-tree.ts';
import { openWorkspace } from '../../adapters/workspace/open-workspace.ts';
import { pointerPath } from '../../pipelines/contracts/pointer.ts';
import type { Source } from '../../pipelines/contracts/run-record.ts';
import { listDvcOuts } from '../../pipelines/data/dvc/list-dvc-outs.ts';
import { listPointers } from '../../pipelines/data/list-pointers.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { fetchSources } from '../../pipelines/training/fetch-sources.ts';
import { dataRemote } from '../data-remote.ts';
import { parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { pullDvc, selectDvc } from './pull-dvc.ts';

const options = { remote: { type: 'string', about: '' } } as const;

/** Brings what the pointers name, all of them or those of the given paths, and leaves alone what is already there. */
export async function pullData(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { max: Number.POSITIVE_INFINITY });
  const paths = positionals.map((path) => path.replace(/\.pointer\.yml$/, '').replace(/^\.\//, ''));
  const tree = await openDirectoryTree(terminal.directory);
  const pointers = await listPointers(tree, paths.length === 0 ? undefined : paths);
  const dvc = selectDvc(await listDvcOuts(tree), paths);
  const isDvc = (path: string) => selectDvc(dvc, [path]).outs.length + selectDvc(dvc, [path]).faults.length > 0;
  const without = paths.filter((path) => !pointers.has(path) && !isDvc(path));
  if (without.length > 0) {
    throw new PulltrainError('pointer-missing', {
      what: 'there is neither a pointer nor a .dvc file',
      where: without.map(pointerPath).join(', '),
    });
  }
  const sources = [...pointers].map(([path, { integrity }]): Source => ({ path, integrity, origin: 'pointer' }));
  const own =
    sources.length === 0
      ? []
      : await fetchSources(sources, {
          workspace: openWorkspace(terminal.directory),
          store: openStore(await dataRemote(values.remote, terminal)),
          progress: terminal.progress,
        });
  const { extra, faults, ...pulled } = await pullDvc(dvc, { remote: values.remote, terminal });
  const placed = [...own, ...pulled.placed];
  const present = [...sources.map(({ path }) => path).filter((path) => !own.includes(path)), ...pulled.present];
  terminal.answer(
    { placed, present, extra, faults },
    [
      ...faults.map(({ message }) => terminal.paint('red', message)),
      ...(extra.length === 0 ? [] : [`left alone, as nothing names them: ${extra.join(', ')}`]),
      `${placed.length} brought, ${present.length} already there${faults.length === 0 ? '' : `, ${faults.length} not`}`,
    ].join('\n'),
  );
  return faults.length === 0 ? 0 : 1;
}
