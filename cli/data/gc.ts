import { collectGarbage, removeLeftovers } from '../../adapters/content-store/collect-garbage.ts';
import { holdStore } from '../../adapters/content-store/hold-store.ts';
import { readAll } from '../../adapters/content-store/load-remote-table.ts';
import { openArchive } from '../../adapters/content-store/open-archive.ts';
import { listNamedPointers } from '../../adapters/git/list-named-pointers.ts';
import { openDirectoryRemote } from '../../adapters/remotes/open-directory-remote.ts';
import { openRemote } from '../../adapters/remotes/open-remote.ts';
import { findPointers } from '../../adapters/workspace/find-pointers.ts';
import { durationSeconds } from '../../pipelines/config/duration-seconds.ts';
import { stageRunSchema } from '../../pipelines/contracts/stage-run.ts';
import { formatBytes } from '../../pipelines/data/store/format-bytes.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { StoredContent } from '../../pipelines/ports/content-store.ts';
import type { ObjectRemote } from '../../pipelines/ports/object-remote.ts';
import { dataRemote } from '../data-remote.ts';
import { parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { openRepository } from './open-repository.ts';

const options = {
  remote: { type: 'string', about: 'clean this remote instead of the local store ("" for data.remote)' },
  grace: { type: 'string', default: '2h', about: 'leave alone what is younger' },
  history: { type: 'boolean', default: false, about: 'keep what any commit names, not only the tips' },
  'dry-run': { type: 'boolean', default: false, about: 'only tell what would go' },
} as const;

/** Removes what no branch, tag, HEAD, working tree or finished stage of the run cache names. */
export async function cleanStore(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parseOptions(args, options);
  const grace = values.grace === '0' ? 0 : durationSeconds(values.grace);
  using repository = await openRepository(terminal);
  const { root, store } = repository;
  const url = values.remote === undefined ? null : await dataRemote(values.remote, terminal, root);
  using _held = url === null && !values['dry-run'] ? holdStore(store.root, 'alone') : null;
  const remote = url === null ? openDirectoryRemote(store.root) : openRemote(url, terminal.environment);
  const living: StoredContent[] = [
    ...(await listNamedPointers(root, values.history)),
    ...[...(await findPointers(root)).values()].map(({ type = 'file', integrity }) => ({ type, integrity })),
    ...(await listMadeByStages(remote)),
  ];
  const now = Date.now();
  const archive = await openArchive(remote, store.root, now);
  const scratch = `${store.root}/tmp`;
  const report = await collectGarbage(archive, living, { grace, dryRun: values['dry-run'], now, scratch });
  if (url === null && !values['dry-run']) report.freed += await removeLeftovers(store.root, Math.max(grace, 60), now);
  const { freed, kept, tooYoung } = report;
  const would = values['dry-run'] ? 'would be freed' : 'freed';
  const young = tooYoung === 0 ? '' : `; ${formatBytes(tooYoung)} more when it is older than ${values.grace}`;
  terminal.answer({ remote: url, ...report }, `${formatBytes(freed)} ${would}, ${formatBytes(kept)} kept${young}`);
  return 0;
}

/** Outputs that finished stages of a run cache name: without them it could restore nothing. */
async function listMadeByStages(remote: ObjectRemote): Promise<StoredContent[]> {
  const made: StoredContent[] = [];
  for await (const { name } of remote.list('runs/')) {
    const text = (await readAll(remote.read(name))).toString();
    const parsed = stageRunSchema.safeParse(parseJson(text));
    for (const { type, integrity } of parsed.success ? parsed.data.outs : []) {
      if (integrity !== null) made.push({ type, integrity });
    }
  }
  return made;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw new PulltrainError('internal', { what: 'JSON could not be read', cause });
  }
}
