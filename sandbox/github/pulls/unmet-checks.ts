import { actorAppId } from '../payloads/app.ts';
import type { Protection, Repository } from '../records.ts';

export type UnmetCheck = { context: string; reason: 'expected' | 'pending' | 'failing' };

const GREEN = new Set(['success', 'neutral', 'skipped']);

/** Required checks of a branch that a commit has not passed. A check bound to an App counts only from that App. */
export function unmetChecks(repository: Repository, protection: Protection | undefined, sha: string): UnmetCheck[] {
  return (protection?.requiredChecks ?? []).flatMap(({ context, appId }): UnmetCheck[] => {
    const states = [checkState(repository, sha, context, appId), statusState(repository, sha, context, appId)].filter(
      (state) => state !== null,
    );
    if (states.length === 0) return [{ context, reason: 'expected' }];
    if (states.includes('failing')) return [{ context, reason: 'failing' }];
    return states.includes('pending') ? [{ context, reason: 'pending' }] : [];
  });
}

type CheckState = 'green' | 'pending' | 'failing' | null;

function checkState(repository: Repository, sha: string, name: string, appId: number | null): CheckState {
  const latest = [...repository.checkRuns.values()].findLast(
    (run) => run.headSha === sha && run.name === name && (appId === null || run.appId === appId),
  );
  if (latest === undefined) return null;
  if (latest.status !== 'completed') return 'pending';
  return GREEN.has(latest.conclusion ?? '') ? 'green' : 'failing';
}

function statusState(repository: Repository, sha: string, context: string, appId: number | null): CheckState {
  const latest = repository.statuses.findLast(
    (status) =>
      status.sha === sha && status.context === context && (appId === null || actorAppId(status.creator) === appId),
  );
  if (latest === undefined) return null;
  if (latest.state === 'pending') return 'pending';
  return latest.state === 'success' ? 'green' : 'failing';
}

/** Names of checks and statuses of a commit that are not green; of the given ones, or of all there are. */
export function redChecks(repository: Repository, sha: string, wanted: readonly string[] | null): string[] {
  const names = wanted ?? [
    ...[...repository.checkRuns.values()].filter((run) => run.headSha === sha).map((run) => run.name),
    ...repository.statuses.filter((status) => status.sha === sha).map((status) => status.context),
  ];
  return [...new Set(names)].filter((name) => {
    const states = [checkState(repository, sha, name, null), statusState(repository, sha, name, null)];
    return !states.includes('green') || states.includes('failing') || states.includes('pending');
  });
}
