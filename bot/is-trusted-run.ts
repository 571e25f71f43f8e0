import { branchHead } from '../adapters/github/branch-head.ts';
import { containsCommit } from '../adapters/github/contains-commit.ts';
import type { WorkflowRunEvent } from './events/workflow-run-event.ts';
import type { BotPorts } from './ports.ts';

/** Events for which GitHub itself takes workflow and code from the default branch, whoever caused them. */
const alwaysDefault = ['workflow_run', 'schedule', 'repository_dispatch'];

/**
 * Whether a run executed reviewed code: one of these workflow files, started by one of these causes, of a commit that the
 * default branch contains. Anybody who may push can run a workflow of the same name on a branch of theirs, or on a tag that
 * has the default branch's name; two calls for a cause that allows it.
 */
export async function isTrustedRun(
  event: WorkflowRunEvent,
  { workflow, causes }: { workflow: string; causes: readonly string[] },
  { github }: Pick<BotPorts, 'github'>,
): Promise<boolean> {
  if (event.path !== workflow || !causes.includes(event.cause) || !event.onDefaultBranch) return false;
  if (alwaysDefault.includes(event.cause)) return true;
  const { owner, repo, defaultBranch } = event.place;
  const head = await branchHead(github, { owner, repo, branch: defaultBranch });
  return containsCommit(github, { owner, repo, commit: event.headSha, head });
}
