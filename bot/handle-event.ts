import { parseIssueCommentEvent } from './events/issue-comment-event.ts';
import { parsePullRequestEvent } from './events/pull-request-event.ts';
import { parseWorkflowRunEvent } from './events/workflow-run-event.ts';
import { handleComment } from './handlers/handle-comment.ts';
import { handleJudgeRun } from './handlers/handle-judge-run.ts';
import { handlePromoteRun } from './handlers/handle-promote-run.ts';
import { handlePullRequest } from './handlers/handle-pull-request.ts';
import { handleRankRun } from './handlers/handle-rank-run.ts';
import { handleWatchRun } from './handlers/handle-watch-run.ts';
import type { BotPorts } from './ports.ts';

/** The events the App subscribes to, and which journey each belongs to. */
export const subscribed = [
  'pull_request.opened',
  'pull_request.synchronize',
  'pull_request.reopened',
  'workflow_run.completed',
  'issue_comment.created',
] as const;
export type Subscribed = (typeof subscribed)[number];

/** Parses an event once and hands it to its journey. Throws a ZodError for a payload that is not what its name says. */
export async function handleEvent(name: Subscribed, payload: unknown, ports: BotPorts): Promise<void> {
  switch (name) {
    case 'pull_request.opened':
    case 'pull_request.synchronize':
    case 'pull_request.reopened':
      return handlePullRequest(parsePullRequestEvent(payload), ports);
    case 'workflow_run.completed': {
      const event = parseWorkflowRunEvent(payload);
      await handleJudgeRun(event, ports);
      await handlePromoteRun(event, ports);
      await handleRankRun(event, ports);
      return handleWatchRun(event, ports);
    }
    case 'issue_comment.created':
      return handleComment(parseIssueCommentEvent(payload), ports);
  }
}
