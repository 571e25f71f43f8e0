import { PulltrainError } from '../../../pipelines/errors.ts';
import { trainTooLittle } from '../changes/train-too-little.ts';
import { followJudgement } from '../steps/follow-judgement.ts';
import { type OpenPull, openPull } from '../steps/open-pull.ts';
import { pageUrl, repository, type Story } from '../story.ts';

/** Chapter 3: a pull request that would harm the model is stopped by its check. */
export async function playWorseModel(story: Story): Promise<void> {
  const pull = await openPull(story, {
    author: story.maya,
    branch: 'train-faster',
    title: 'Train faster',
    body: 'One week of data and a few trees are enough, surely.',
    edits: trainTooLittle(story.example),
  });
  await followJudgement(story, pull);
  await story.timeline.step(
    'Maya tries to merge it all the same',
    () => tryToMerge(story, pull),
    (refusal) => ({ url: pageUrl(story, `pull/${pull.number}`), note: refusal }),
  );
}

async function tryToMerge(story: Story, pull: OpenPull): Promise<string> {
  try {
    await story.maya.octokit.rest.pulls.merge({ ...repository, pull_number: pull.number, sha: pull.headSha });
  } catch (thrown) {
    if (thrown instanceof Error && 'status' in thrown && thrown.status === 405) return 'refused by the required check';
    throw thrown;
  }
  throw new PulltrainError('story-broken', {
    what: 'a pull request with a failed required check was merged',
    where: pageUrl(story, `pull/${pull.number}`),
  });
}
