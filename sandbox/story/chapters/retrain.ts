import { PulltrainError } from '../../../pipelines/errors.ts';
import { followJudgement } from '../steps/follow-judgement.ts';
import { followPromotion } from '../steps/follow-promotion.ts';
import { mergePull } from '../steps/merge-pull.ts';
import type { OpenPull } from '../steps/open-pull.ts';
import { pageUrl, repository, type Story } from '../story.ts';
import { waitUntil } from '../wait-until.ts';

/** Chapter 5: one comment closes the loop. */
export async function playRetrain(story: Story): Promise<void> {
  const { timeline, maya } = story;
  const issue = await driftIssue(story);
  await timeline.step(
    'Maya comments /retrain',
    () => comment(story, issue),
    () => ({
      url: pageUrl(story, `issues/${issue}`),
    }),
  );
  const pull = await timeline.step(
    'The bot opens the retraining pull request',
    () => waitForPull(story),
    (opened) => ({
      url: pageUrl(story, `pull/${opened.number}`),
      note: opened.title,
    }),
  );
  await followJudgement(story, pull);
  const traffic = story.replay(story.tables.juneTraffic, { once: false });
  try {
    const commit = await mergePull(story, { pull, by: maya, method: 'rebase' });
    await followPromotion(story, { commit, tag: 'flight-delay@v1.2.0' });
  } finally {
    await traffic.stop();
  }
}

async function driftIssue(story: Story): Promise<number> {
  const { data } = await story.maya.octokit.rest.issues.listForRepo({ ...repository, labels: 'drift' });
  const issue = data[0];
  if (issue !== undefined) return issue.number;
  throw new PulltrainError('story-broken', { what: 'there is no open drift issue', where: pageUrl(story, 'issues') });
}

async function comment(story: Story, issue: number): Promise<void> {
  const { data } = await story.maya.octokit.rest.issues.createComment({
    ...repository,
    issue_number: issue,
    body: '/retrain',
  });
  await waitUntil(
    async () => {
      const reactions = await story.maya.octokit.rest.reactions.listForIssueComment({
        ...repository,
        comment_id: data.id,
      });
      return reactions.data.length > 0 ? true : null;
    },
    {
      what: 'a reaction to /retrain',
      where: pageUrl(story, `issues/${issue}`),
      timeoutMs: 30_000,
      signal: story.signal,
    },
  );
}

function waitForPull(story: Story): Promise<OpenPull> {
  return waitUntil(
    async () => {
      const { data } = await story.maya.octokit.rest.pulls.list({ ...repository, state: 'open' });
      const pull = data.find(({ head }) => head.ref.startsWith('pulltrain/retrain'));
      return pull === undefined ? null : { number: pull.number, headSha: pull.head.sha, title: pull.title };
    },
    { what: 'the retraining pull request', where: pageUrl(story, 'pulls'), timeoutMs: 60_000, signal: story.signal },
  );
}
