import type { NewPullRequest } from '../../pipelines/publication/planned-action.ts';
import type { GitHub } from '../github/client.ts';
import { isStatus } from '../github/is-status.ts';
import type { Place } from '../github/is-written-by.ts';
import { createCommit } from './create-commit.ts';

/**
 * Puts one commit on a new branch and opens its pull request. What an earlier, interrupted try left is used: the branch
 * is named after its content, so one that exists already holds this very change.
 */
export async function openPullRequest(
  github: GitHub,
  place: Place,
  pull: NewPullRequest,
): Promise<{ number: number; url: string }> {
  if (!(await branchExists(github, place, pull.branch))) await createBranch(github, place, pull);
  const opened = await createPull(github, place, pull);
  await github.rest.issues.addLabels({ ...place, issue_number: opened.number, labels: [pull.label] });
  return opened;
}

async function branchExists(github: GitHub, place: Place, branch: string): Promise<boolean> {
  try {
    await github.rest.git.getRef({ ...place, ref: `heads/${branch}` });
    return true;
  } catch (error) {
    if (isStatus(error, 404)) return false;
    throw error;
  }
}

async function createBranch(github: GitHub, place: Place, pull: NewPullRequest): Promise<void> {
  const commit = await createCommit(github, place, pull);
  try {
    await github.rest.git.createRef({ ...place, ref: `refs/heads/${pull.branch}`, sha: commit });
  } catch (error) {
    // Another delivery of the same event was faster.
    if (!isStatus(error, 422) || !(await branchExists(github, place, pull.branch))) throw error;
  }
}

async function createPull(
  github: GitHub,
  place: Place,
  pull: NewPullRequest,
): Promise<{ number: number; url: string }> {
  const head = `${place.owner}:${pull.branch}`;
  const present = await github.rest.pulls.list({ ...place, head, base: pull.base, state: 'open' });
  const [own] = present.data;
  if (own !== undefined) return { number: own.number, url: own.html_url };
  const { data } = await github.rest.pulls.create({
    ...place,
    head: pull.branch,
    base: pull.base,
    title: pull.title,
    body: pull.body,
    request: { retries: 0 },
  });
  return { number: data.number, url: data.html_url };
}
