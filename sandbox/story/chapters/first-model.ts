import { firstModel } from '../changes/first-model.ts';
import { followJudgement } from '../steps/follow-judgement.ts';
import { followPromotion } from '../steps/follow-promotion.ts';
import { mergePull } from '../steps/merge-pull.ts';
import { openPull } from '../steps/open-pull.ts';
import type { Story } from '../story.ts';

/** Chapter 1: a repository without a model gets its first one. */
export async function playFirstModel(story: Story): Promise<void> {
  const pull = await openPull(story, {
    author: story.maya,
    branch: 'first-model',
    title: 'First model',
    body: 'Late or not, from hour, weekday and distance.',
    edits: firstModel(story.example),
    work: (directory) =>
      story.addData(directory, {
        path: 'data/flights-2001-03.parquet',
        table: story.tables.firstSnapshot,
        store: 'training',
      }),
  });
  await followJudgement(story, pull);
  const commit = await mergePull(story, { pull, by: story.maya, method: 'merge' });
  await followPromotion(story, { commit, tag: 'flight-delay@v1.0.0' });
}
