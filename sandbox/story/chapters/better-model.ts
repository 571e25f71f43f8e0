import { addLateRates } from '../changes/add-late-rates.ts';
import { followJudgement } from '../steps/follow-judgement.ts';
import { followPromotion } from '../steps/follow-promotion.ts';
import { mergePull } from '../steps/merge-pull.ts';
import { openPull } from '../steps/open-pull.ts';
import type { Story } from '../story.ts';

/** Chapter 2: a better model is judged, merges, and takes over while April's flights are being served. */
export async function playBetterModel(story: Story): Promise<void> {
  const pull = await openPull(story, {
    author: story.maya,
    branch: 'late-rates',
    title: 'Add 7-day late rates by airport',
    body: 'Airports that ran late last week run late this week.',
    edits: addLateRates(story.example),
  });
  await followJudgement(story, pull);
  const traffic = story.replay(story.tables.aprilTraffic, { once: false });
  try {
    const commit = await mergePull(story, { pull, by: story.maya, method: 'squash' });
    await followPromotion(story, { commit, tag: 'flight-delay@v1.1.0' });
  } finally {
    await traffic.stop();
  }
}
