import { type ListedCommit, listCommits } from '../../adapters/git/list-commits.ts';
import { openCommitTree } from '../../adapters/source-tree/open-commit-tree.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { FeaturesInvalid } from '../../pipelines/features/features-invalid.ts';
import { identifyInTree } from '../../pipelines/features/identify-in-tree.ts';
import { identifyService, identifyViews, shortHash } from '../../pipelines/features/identify-views.ts';
import { featuresFolder, readDefinitions } from '../../pipelines/features/read-definitions.ts';
import { formatHelp, parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { alignRows } from './align-rows.ts';
import { findRoot } from './open-features.ts';

const options = {
  rev: { type: 'string', default: 'HEAD', placeholder: 'REV', about: 'commit, branch or tag to look back from' },
  limit: { type: 'string', default: '100', placeholder: 'N', about: 'commits that are looked at' },
} as const;

export const historyHelp = formatHelp({
  usage: 'features history NAME [options]',
  about:
    'Versions of a view or service in the history of the repository, the newest first, with the commit that brought each.\n"features build --rev COMMIT" makes any of them again.',
  options,
});

type Version = { definition: string; version: string | null };
type Entry = Version & { change: 'first' | 'definition' | 'data'; commit: ListedCommit };

export async function historyAction(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { min: 1, max: 1 });
  const [name = ''] = positionals;
  const limit = Number(values.limit);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new PulltrainError('usage', { what: `--limit cannot be ${values.limit}`, allowed: '1 or more' });
  }
  const root = await findRoot(terminal.directory);
  const paths = [featuresFolder, 'params.yaml', '*.pointer.yml', ...(await dataPaths(root, values.rev))];
  const commits = await listCommits(root, values.rev, { paths, limit });
  const seen: (Version & { commit: ListedCommit })[] = [];
  for (const commit of commits) {
    const found = await versionAt(root, commit.sha, name);
    if (found !== null) seen.push({ ...found, commit });
  }
  // A version belongs to the oldest of the neighbouring commits that have it.
  const entries = seen.flatMap((one, index): Entry[] => {
    const before = seen[index + 1];
    if (before === undefined) return [{ ...one, change: 'first' }];
    if (before.definition !== one.definition) return [{ ...one, change: 'definition' }];
    return before.version === one.version ? [] : [{ ...one, change: 'data' }];
  });
  if (entries.length === 0) {
    throw new PulltrainError('view-unknown', {
      what: `no view or service "${name}" in the last ${commits.length} commits that touch features or data`,
      cure: 'Look further back with --limit, or see "features list".',
    });
  }
  const rows = entries.map(({ definition, version, change, commit }) => [
    commit.sha.slice(0, 10),
    commit.at.slice(0, 10),
    version === null ? '–' : shortHash(version),
    shortHash(definition),
    change,
    commit.subject,
  ]);
  terminal.answer(
    { name, versions: entries },
    alignRows([['commit', 'day', 'version', 'definition', 'change', 'subject'], ...rows]).join('\n'),
  );
  return 0;
}

/** Data files without pointers that the views of a revision read. */
async function dataPaths(root: string, revision: string): Promise<string[]> {
  await using tree = await openCommitTree(root, revision);
  // Broken definitions of today do not keep anybody from looking at those of yesterday.
  const definitions = await readDefinitions(tree).catch(() => null);
  const inputs = [...(definitions?.views.values() ?? [])].flatMap((view) => Object.values(view.inputs));
  return inputs.flatMap((input) => ('file' in input ? [`:(top,literal)${input.file}`] : []));
}

/** Null at a commit where it is not defined, or where the definitions are broken. */
async function versionAt(root: string, sha: string, name: string): Promise<Version | null> {
  await using tree = await openCommitTree(root, sha);
  try {
    const definitions = await readDefinitions(tree);
    const service = definitions.services.get(name);
    const views = service?.items.map(({ view }) => view) ?? [name];
    if (service === undefined && !definitions.views.has(name)) return null;
    const identified = await identifyViews(definitions, { identify: (path) => identifyInTree(tree, path) }, views);
    if (service !== undefined) return { definition: identifyService(service, identified), version: null };
    const identity = identified.get(name);
    return identity === undefined ? null : { definition: identity.definition, version: identity.version };
  } catch (fault) {
    if (fault instanceof FeaturesInvalid) return null;
    throw fault;
  }
}
