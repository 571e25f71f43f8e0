import type { GitHub } from '../../adapters/github/client.ts';
import type { Change } from '../../pipelines/contracts/change.ts';
import type { TrainingRun } from './parse-event.ts';

type Place = { owner: string; repo: string };
type Pull = Awaited<ReturnType<GitHub['rest']['pulls']['list']>>['data'][number];

/**
 * The open pull request into the default branch whose head is exactly the commit that was trained, on the branch it was
 * trained for; found by API and never from what the training run says. The same head may stand in other pull requests too:
 * one into another branch is merged with other files and compared with another release, so it is not judged. Null when
 * there is none, because it was closed or has moved on. One call, two for a fork.
 */
export async function findChange(
  github: GitHub,
  { owner, repo, headSha, headRef, headOwner }: Place & TrainingRun,
): Promise<Change | null> {
  const fits = (pull: Pull) =>
    pull.state === 'open' &&
    pull.head.sha === headSha &&
    (headRef === null || pull.head.ref === headRef) &&
    (headOwner === null || pull.head.repo?.owner.login.toLowerCase() === headOwner.toLowerCase()) &&
    pull.base.ref === pull.base.repo.default_branch &&
    pull.base.repo.full_name.toLowerCase() === `${owner}/${repo}`.toLowerCase();
  const { data: associated } = await github.rest.repos.listPullRequestsAssociatedWithCommit({
    owner,
    repo,
    commit_sha: headSha,
  });
  const found = associated.find(fits) ?? (await findByBranch());
  if (found === undefined) return null;
  return {
    kind: 'change',
    version: 1,
    repository: `${owner}/${repo}`,
    pull: found.number,
    title: found.title,
    author: found.user?.login ?? 'ghost',
    headSha,
    headRef: found.head.ref,
    baseSha: found.base.sha,
    baseRef: found.base.ref,
  };

  /** A commit of a fork is not always associated with its pull request. */
  async function findByBranch(): Promise<Pull | undefined> {
    if (headRef === null || headOwner === null || headOwner.toLowerCase() === owner.toLowerCase()) return undefined;
    const { data } = await github.rest.pulls.list({ owner, repo, state: 'open', head: `${headOwner}:${headRef}` });
    return data.find(fits);
  }
}
