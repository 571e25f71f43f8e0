import { PulltrainError } from '../../pipelines/errors.ts';
import { isStatus } from '../github/is-status.ts';

/** The fault of a GitHub call as ours, with what to do about it. Of the request nothing is kept: it carries the token. */
export function explainGitHubFailure(cause: unknown, what: string, where: string): PulltrainError {
  if (cause instanceof PulltrainError) return cause;
  const cure = cureOf(cause);
  const status = cause instanceof Error && 'status' in cause ? `HTTP ${String(cause.status)}, ` : '';
  return new PulltrainError('remote-failed', {
    what,
    where,
    seen: `${status}${cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause)}`,
    ...(cure === undefined ? {} : { cure }),
  });
}

function cureOf(cause: unknown): string | undefined {
  if (isStatus(cause, 401)) return 'Set GITHUB_TOKEN or GH_TOKEN to a token that is still valid.';
  if (isStatus(cause, 403))
    return 'Give the token "contents: write" for that repository, "contents: read" if nothing is pushed. If GitHub asks for patience, run the command again later: what has arrived stays.';
  if (isStatus(cause, 404))
    return 'Correct owner and name, or set GITHUB_TOKEN or GH_TOKEN to a token that may see the repository.';
  if (isStatus(cause, 429, 500, 502, 503, 504)) return 'Run the command again later: what has arrived stays.';
  return undefined;
}
