import { compareStored } from '../../adapters/content-store/compare-stored.ts';
import { runGit } from '../../adapters/git/run-git.ts';
import { openCommitTree } from '../../adapters/source-tree/open-commit-tree.ts';
import { findPointers } from '../../adapters/workspace/find-pointers.ts';
import type { Pointer } from '../../pipelines/contracts/pointer.ts';
import { dataChanges } from '../../pipelines/data/data-changes.ts';
import { listPointers } from '../../pipelines/data/list-pointers.ts';
import { formatBytes } from '../../pipelines/data/store/format-bytes.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { type DataRepository, openRepository } from './open-repository.ts';

const options = { stat: { type: 'boolean', default: false, about: 'count files instead of naming them' } } as const;
/** Paths that are written out for one folder. */
const shown = 20;

type Files = { added: string[]; removed: string[]; changed: string[]; bytesAdded: number; bytesRemoved: number };

/** Says what differs between the data of two revisions, or of one and the working tree as its pointers stand. */
export async function diffData(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { max: 2 });
  using repository = await openRepository(terminal);
  const [from = 'HEAD', to] = positionals;
  const before = await pointersAt(repository.root, from);
  const after = to === undefined ? await findPointers(repository.root) : await pointersAt(repository.root, to);
  const changes = [];
  const lines: string[] = [];
  for (const change of dataChanges(before, after)) {
    const [old, now] = [before.get(change.path), after.get(change.path)];
    const files = await compareFiles(repository, old, now);
    const bytes = { base: old?.size ?? null, head: now?.size ?? null };
    changes.push({ ...change, bytes, files });
    const kind = old === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
    const size =
      `${old === undefined ? '' : formatBytes(old.size)} -> ${now === undefined ? '' : formatBytes(now.size)}`.trim();
    const rows =
      change.baseRows === null && change.headRows === null
        ? ''
        : `, rows ${change.baseRows ?? '-'} -> ${change.headRows ?? '-'}`;
    lines.push(`${kind.padEnd(8)} ${change.path}  ${size}${rows}`);
    for (const name of change.columnsAdded) lines.push(`  + column ${name}`);
    for (const name of change.columnsRemoved) lines.push(`  - column ${name}`);
    lines.push(...describeFiles(files, values.stat));
  }
  const between = `${from} and ${to ?? 'the working tree'}`;
  terminal.answer(
    { from, to: to ?? null, changes },
    lines.length === 0 ? `no data differs between ${between}` : lines.join('\n'),
  );
  return 0;
}

async function pointersAt(root: string, revision: string): Promise<Map<string, Pointer>> {
  const known = await runGit(root, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${revision}^{commit}`,
  ]).catch((cause) => {
    throw new PulltrainError('revision-unknown', {
      what: 'git knows no such revision',
      seen: revision,
      allowed: 'a commit, branch or tag, and a second one or none for the working tree',
      cause,
    });
  });
  await using tree = await openCommitTree(root, known.toString().trim());
  return await listPointers(tree);
}

/** Files below two folders; null when either is none, or when their trees are not in the local store. */
async function compareFiles(
  { store }: DataRepository,
  old: Pointer | undefined,
  now: Pointer | undefined,
): Promise<Files | null> {
  if (old?.type !== 'directory' || now?.type !== 'directory') return null;
  try {
    const { added, removed, changed } = await compareStored(store, old.integrity, now.integrity);
    const sum = (files: readonly { size: number }[]) => files.reduce((total, { size }) => total + size, 0);
    return {
      added: added.map(({ path }) => path),
      removed: removed.map(({ path }) => path),
      changed: changed.map(({ path }) => path),
      bytesAdded: sum(added) + sum(changed.map(({ after }) => after)),
      bytesRemoved: sum(removed) + sum(changed.map(({ before }) => before)),
    };
  } catch (thrown) {
    if (thrown instanceof PulltrainError && thrown.code === 'content-missing') return null;
    throw thrown;
  }
}

function describeFiles(files: Files | null, stat: boolean): string[] {
  if (files === null) return [];
  const { added, removed, changed, bytesAdded, bytesRemoved } = files;
  const counts = `  ${added.length} files added, ${removed.length} removed, ${changed.length} changed; +${formatBytes(bytesAdded)} -${formatBytes(bytesRemoved)}`;
  if (stat) return [counts];
  const list = (sign: string, paths: readonly string[]) => [
    ...paths.slice(0, shown).map((path) => `  ${sign} ${JSON.stringify(path).slice(1, -1)}`),
    ...(paths.length > shown ? [`  ${sign} and ${paths.length - shown} more`] : []),
  ];
  return [counts, ...list('+', added), ...list('-', removed), ...list('~', changed)];
}
