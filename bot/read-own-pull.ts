import type { IssueCommentEvent } from './events/issue-comment-event.ts';
import type { BotPorts } from './ports.ts';

export type OwnPull = { headSha: string; headRef: string };

/** The head of the pull request that was commented on, or a sentence why its branch is none that we train or write. */
export async function readOwnPull(
  event: IssueCommentEvent,
  { github }: Pick<BotPorts, 'github'>,
): Promise<OwnPull | string> {
  if (!event.onPullRequest) return '`/sweep` is for pull requests: it trains what their branch has.';
  const { owner, repo } = event.place;
  const { data } = await github.rest.pulls.get({ owner, repo, pull_number: event.issue });
  if (data.state !== 'open') return 'This pull request is closed.';
  if (data.head.repo?.id !== event.place.repositoryId) {
    return 'The branch of this pull request is in a fork, whose code never runs on our own machines.';
  }
  if (data.base.ref !== event.place.defaultBranch) return 'This pull request does not go into the default branch.';
  return { headSha: data.head.sha, headRef: data.head.ref };
}
