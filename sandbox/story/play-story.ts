import { chapters } from './chapters/chapters.ts';
import type { Story } from './story.ts';

/** Plays the first `last` chapters and checks each one's facts by the API. Returns whether all of them hold. */
export async function playStory(story: Story, last: number): Promise<boolean> {
  const { timeline, maya, servers } = story;
  for (const [index, { title, play, check }] of chapters.slice(0, last).entries()) {
    await timeline.chapter(index + 1, title, async () => {
      await play(story);
      timeline.facts(await check({ octokit: maya.octokit, servers }));
    });
  }
  return timeline.chapters.every(({ facts }) => facts.every(({ holds }) => holds));
}
