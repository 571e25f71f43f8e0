import type { Pull, Repository } from '../records.ts';
import { redChecks, unmetChecks } from './unmet-checks.ts';

/** GitHub's one word for whether an open pull request can be merged now. */
export function mergeState(repository: Repository, pull: Pull): string {
  const protection = repository.protections.get(pull.base.ref);
  if (!pull.mergeable) return 'dirty';
  if (pull.draft) return 'draft';
  if (unmetChecks(repository, protection, pull.head.sha).length > 0) return 'blocked';
  if (protection?.strict && pull.behind) return 'behind';
  return redChecks(repository, pull.head.sha, null).length > 0 ? 'unstable' : 'clean';
}
