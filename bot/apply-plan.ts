import { beginCheck, completeCheck } from '../adapters/checks/upsert-check.ts';
import { upsertComment } from '../adapters/comments/upsert-comment.ts';
import type { Place } from '../adapters/github/is-written-by.ts';
import { openIssue, updateIssue } from '../adapters/issues/write-issue.ts';
import { openPullRequest } from '../adapters/pulls/open-pull-request.ts';
import { pushCommit } from '../adapters/pulls/push-commit.ts';
import { dispatchWorkflow } from '../adapters/workflows/dispatch-workflow.ts';
import type { PlannedAction } from '../pipelines/publication/planned-action.ts';
import type { BotPorts } from './ports.ts';

/** What came to be: addresses of what was opened, in the order of the plan. */
export type Applied = { action: PlannedAction; number: number | null; url: string | null };

/** Does what a plan says, in its order; the first failure stops it, and the whole plan may be applied again. */
export async function applyPlan(plan: readonly PlannedAction[], place: Place, ports: BotPorts): Promise<Applied[]> {
  const applied: Applied[] = [];
  for (const action of plan) applied.push({ action, ...(await apply(action, place, ports)) });
  return applied;
}

async function apply(
  action: PlannedAction,
  { owner, repo }: Place,
  { github, ledger, author }: BotPorts,
): Promise<{ number: number | null; url: string | null }> {
  const place = { owner, repo };
  const nothing = { number: null, url: null };
  switch (action.do) {
    case 'write-ledger':
      await ledger.write(action.entries, action.message, { replace: true });
      return nothing;
    case 'begin-check':
      await beginCheck(github, place, action, { title: action.title, summary: action.summary }, author);
      return nothing;
    case 'complete-check':
      await completeCheck(github, place, action, action.result, author);
      return nothing;
    case 'upsert-comment':
      return { number: action.issue, url: await upsertComment(github, place, action, author) };
    case 'react':
      await github.rest.reactions.createForIssueComment({
        ...place,
        comment_id: action.comment,
        content: action.reaction,
      });
      return nothing;
    case 'open-issue':
      return openIssue(github, place, action);
    case 'update-issue':
      await updateIssue(github, place, action);
      return { number: action.issue, url: null };
    case 'open-pull-request':
      return openPullRequest(github, place, action.pull);
    case 'push-commit':
      return { number: null, url: await pushCommit(github, place, action) };
    case 'dispatch':
      return { number: null, url: await dispatchWorkflow(github, place, action) };
  }
}
