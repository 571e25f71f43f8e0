import { closeIssue, closeMentionedIssues } from '../issues/change-issue.ts';
import type { Actor } from '../kernel.ts';
import { pullPayload } from '../payloads/pull.ts';
import type { Platform } from '../platform.ts';
import { refreshPulls } from '../pulls/refresh-pulls.ts';
import type { Issue, Pull, Repository } from '../records.ts';
import { pushPayload } from './push-payload.ts';

export type MovedRef = { ref: string; before: string | null; after: string | null };

/** More tags than this in one push and GitHub stays silent about them. */
const MOST_TAGS = 3;

/**
 * What follows from refs that have moved: pull requests are brought up to date, then `create`, `push`, `delete` and
 * `pull_request` events go out, and issues that commits on the default branch say they close are closed.
 */
export async function recordRefChanges(
  platform: Platform,
  repository: Repository,
  actor: Actor,
  moved: readonly MovedRef[],
): Promise<void> {
  repository.pushedAt = platform.timestamp();
  const later: (() => void)[] = [];
  for (const change of moved) {
    if (change.ref.startsWith('refs/heads/')) later.push(...(await updatePulls(platform, repository, actor, change)));
  }
  const messages: string[] = [];
  const quietTags = moved.filter(({ ref }) => ref.startsWith('refs/tags/')).length > MOST_TAGS;
  for (const change of moved) {
    const kind = change.ref.startsWith('refs/heads/') ? 'branch' : change.ref.startsWith('refs/tags/') ? 'tag' : null;
    if (kind === null || (kind === 'tag' && quietTags)) continue;
    const payload = await pushPayload(platform, repository, actor, change);
    if (change.ref === `refs/heads/${repository.defaultBranch}`)
      messages.push(...payload.commits.map(({ message }) => message));
    const event = { repository, actor, action: null };
    const detail = { ref: change.ref.replace(/^refs\/(heads|tags)\//, ''), ref_type: kind, pusher_type: 'user' };
    if (change.before === null) {
      const created = { ...detail, master_branch: repository.defaultBranch, description: repository.description };
      platform.kernel.emit({ ...event, name: 'create', payload: created });
    }
    platform.kernel.emit({ ...event, name: 'push', payload });
    if (change.after === null) platform.kernel.emit({ ...event, name: 'delete', payload: detail });
  }
  for (const announce of later) announce();
  closeMentionedIssues(platform, repository, actor, messages);
}

/** Emits a `pull_request` event. */
export function emitPull(
  platform: Platform,
  repository: Repository,
  actor: Actor,
  issue: Issue,
  pull: Pull,
  action: string,
  extra: Record<string, unknown> = {},
): void {
  const payload = { number: issue.number, pull_request: pullPayload(platform, repository, issue, pull), ...extra };
  platform.kernel.emit({ name: 'pull_request', action, repository, actor, payload });
}

async function updatePulls(
  platform: Platform,
  repository: Repository,
  actor: Actor,
  { ref, before, after }: MovedRef,
): Promise<(() => void)[]> {
  const branch = ref.slice('refs/heads/'.length);
  const open = [...repository.issues.values()].flatMap((issue) =>
    issue.pull !== null && issue.state === 'open' ? [{ issue, pull: issue.pull }] : [],
  );
  const onBase = after === null ? [] : open.filter(({ pull }) => pull.base.ref === branch);
  const onHead = open.filter(({ pull }) => pull.head.ref === branch);
  const contained = onBase.length === 0 ? new Set<number>() : await pullsContainedIn(repository, after);
  const later: (() => void)[] = [];
  const announce = ({ issue, pull }: { issue: Issue; pull: Pull }, action: string, extra = {}): void => {
    later.push(() => emitPull(platform, repository, actor, issue, pull, action, extra));
  };
  for (const one of onBase) {
    one.pull.base.sha = after ?? one.pull.base.sha;
    if (!contained.has(one.issue.number)) continue;
    closeIssue(platform, one.issue, actor, null);
    const { closedAt } = one.issue;
    Object.assign(one.pull, { merged: true, mergedAt: closedAt, mergedBy: actor, mergeCommitSha: after });
    announce(one, 'closed');
  }
  for (const one of onHead) {
    if (after === null) {
      closeIssue(platform, one.issue, actor, null);
      announce(one, 'closed');
      continue;
    }
    one.pull.head.sha = after;
    one.issue.updatedAt = platform.timestamp();
    announce(one, 'synchronize', { before, after });
  }
  const moved = new Set([...onBase, ...onHead].filter(({ issue }) => issue.state === 'open'));
  await refreshPulls(platform, repository, [...moved]);
  return later;
}

/** Numbers of the pull requests whose head a commit contains: pushed to their base, they count as merged. */
async function pullsContainedIn(repository: Repository, tip: string | null): Promise<Set<number>> {
  const args = ['for-each-ref', `--merged=${tip}`, '--format=%(refname)', 'refs/pull/*/head'];
  const { stdout } = await repository.git.run(args);
  return new Set([...stdout.toString().matchAll(/^refs\/pull\/(\d+)\/head$/gm)].map((match) => Number(match[1])));
}
