import { type Commit, readCommit } from '../git/commit-object.ts';
import { isAncestor } from '../git/merge-commits.ts';
import type { Actor } from '../kernel.ts';
import { repositoryPage } from '../payloads/issue.ts';
import type { Platform } from '../platform.ts';
import type { Repository } from '../records.ts';
import type { MovedRef } from './record-ref-changes.ts';

const ZERO = '0'.repeat(40);
/** Commits a push lists, newest last. */
const MOST_COMMITS = 20;

type PushPayload = Record<string, unknown> & { commits: (Record<string, unknown> & { message: string })[] };

/** The `push` webhook of one ref. */
export async function pushPayload(
  platform: Platform,
  repository: Repository,
  actor: Actor,
  { ref, before, after }: MovedRef,
): Promise<PushPayload> {
  const { git } = repository;
  const page = repositoryPage(platform, repository);
  const tip = after === null ? null : await readCommit(git, after);
  const files = tip === null ? new Map<string, Files>() : await listPushed(repository, before, tip.oid);
  const commits = await Promise.all([...files.keys()].map((oid) => readCommit(git, oid)));
  const describe = (commit: Commit) => describeCommit(page, commit, files.get(commit.oid) ?? NO_FILES);
  return {
    ref,
    before: before ?? ZERO,
    after: after ?? ZERO,
    created: before === null,
    deleted: after === null,
    forced: before !== null && tip !== null && !(await isAncestor(git, before, tip.oid)),
    base_ref: null,
    compare: `${page}/compare/${(before ?? ZERO).slice(0, 12)}...${(after ?? ZERO).slice(0, 12)}`,
    commits: commits.filter((commit) => commit !== null).map(describe),
    head_commit: tip === null ? null : describe(tip),
    pusher: { name: actor.login, email: platform.account(actor.login)?.email ?? null },
  };
}

type Files = { added: string[]; removed: string[]; modified: string[] };
const NO_FILES: Files = { added: [], removed: [], modified: [] };

async function listPushed(repository: Repository, before: string | null, after: string): Promise<Map<string, Files>> {
  const range = before === null ? ['--max-count=1', after] : [`--max-count=${MOST_COMMITS}`, after, `^${before}`];
  const args = ['log', '--no-renames', '--name-status', '-z', '--format=%x01%H', ...range, '--'];
  const { stdout } = await repository.git.run(args, { highestCode: 128 });
  const found = stdout
    .toString()
    .split('\x01')
    .slice(1)
    .map((section): [string, Files] => {
      const [oid = '', ...fields] = section.split('\0').map((field) => field.replace(/^\n/, ''));
      return [oid.trim(), sortFiles(fields)];
    });
  return new Map(found.reverse());
}

function sortFiles(fields: readonly string[]): Files {
  const files: Files = { added: [], removed: [], modified: [] };
  for (let at = 0; at + 1 < fields.length; at += 1) {
    const letter = fields[at];
    const list = letter === 'A' ? files.added : letter === 'D' ? files.removed : files.modified;
    if (letter !== undefined && /^[ADMT]$/.test(letter)) list.push(fields[++at] ?? '');
  }
  return files;
}

function describeCommit(page: string, commit: Commit, files: Files): PushPayload['commits'][number] {
  return {
    id: commit.oid,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${page}/commit/${commit.oid}`,
    author: { name: commit.author.name, email: commit.author.email, date: commit.author.date },
    committer: { name: commit.committer.name, email: commit.committer.email, date: commit.committer.date },
    ...files,
  };
}
