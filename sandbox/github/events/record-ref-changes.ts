import type { Actor } from '../kernel.ts';
import { pullPayload } from '../payloads/pull.ts';
import type { Platform } from '../platform.ts';
import { refreshPull } from '../pulls/refresh-pull.ts';
import type { Issue, Pull, Repository } from '../records.ts';
import { pushPayload } from './push-payload.ts';

export type MovedRef = { ref: string; before: string | null; after: string | null };

/** More tags than this in one push and GitHub stays silent about them. */
const MOST_TAGS = 3;

/**
 * What follows from refs that have moved: pull requests are brought up to date, then `create`, `push`, `delete` and
 * `pull_request` events go out.
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
  const quietTags = moved.filter(({ ref }) => ref.startsWith('refs/tags/')).length > MOST_TAGS;
  for (const change of moved) {
    const kind = change.ref.startsWith('refs/heads/') ? 'branch' : change.ref.startsWith('refs/tags/') ? 'tag' : null;
    if (kind === null || (kind === 'tag' && quietTags)) continue;
    const payload = await pushPayload(platform, repository, actor, change);
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
  const later: (() => void)[] = [];
  const contained = after === null ? new Set<number>() : await pullsContainedIn(repository, after);
  for (const issue of repository.issues.values()) {
    const { pull } = issue;
    if (pull === null || issue.state !== 'open') continue;
    if (pull.base.ref === branch && after !== null) {
      pull.base.sha = after;
      if (contained.has(issue.number)) {
        closePull(platform, issue, actor);
        Object.assign(pull, { merged: true, mergedAt: issue.closedAt, mergedBy: actor, mergeCommitSha: after });
        later.push(() => emitPull(platform, repository, actor, issue, pull, 'closed'));
      } else await refreshPull(platform, repository, issue, pull);
    }
    if (pull.head.ref !== branch) continue;
    if (after === null) {
      closePull(platform, issue, actor);
      later.push(() => emitPull(platform, repository, actor, issue, pull, 'closed'));
      continue;
    }
    pull.head.sha = after;
    issue.updatedAt = platform.timestamp();
    await refreshPull(platform, repository, issue, pull);
    later.push(() => emitPull(platform, repository, actor, issue, pull, 'synchronize', { before, after }));
  }
  return later;
}

function closePull(platform: Platform, issue: Issue, actor: Actor): void {
  issue.state = 'closed';
  issue.closedAt = platform.timestamp();
  issue.updatedAt = issue.closedAt;
  issue.closedBy = actor;
}

/** Numbers of the pull requests whose head a commit contains: pushed to their base, they count as merged. */
async function pullsContainedIn(repository: Repository, tip: string): Promise<Set<number>> {
  const open = [...repository.issues.values()].some((issue) => issue.pull !== null && issue.state === 'open');
  if (!open) return new Set();
  const args = ['for-each-ref', `--merged=${tip}`, '--format=%(refname)', 'refs/pull/*/head'];
  const { stdout } = await repository.git.run(args);
  return new Set([...stdout.toString().matchAll(/^refs\/pull\/(\d+)\/head$/gm)].map((match) => Number(match[1])));
}
