import type { ChapterRecord } from './timeline.ts';

type Call = { method: string; route: string; actor: string };
type PlacedCall = Call & { chapter: number; judged: boolean };

export type ChapterCalls = {
  chapter: number;
  /** Calls of Pulltrain itself until the pull request's check was complete; people's own looks do not count. */
  update: number;
  routes: { route: string; count: number }[];
};

/** The last step of a judgement; what is called after it belongs to the merge. */
export const judgedStep = 'The bot completes the check and comments';

/** Counts REST calls by chapter of the story being told. */
export function countCalls(current: () => ChapterRecord | undefined) {
  const calls: PlacedCall[] = [];
  return {
    record: ({ method, route, actor }: Call) => {
      const chapter = current();
      const judged = chapter?.steps.some(({ title }) => title === judgedStep) ?? false;
      calls.push({ method, route, actor, chapter: chapter?.number ?? 0, judged });
    },
    byChapter(): ChapterCalls[] {
      const own = calls.filter(({ actor }) => actor !== 'user');
      return [...Map.groupBy(own, ({ chapter }) => chapter)].map(([chapter, made]) => {
        const update = made.filter(({ judged }) => !judged);
        return { chapter, update: update.length, routes: countByRoute(update) };
      });
    },
  };
}

function countByRoute(calls: readonly PlacedCall[]): ChapterCalls['routes'] {
  return [...Map.groupBy(calls, ({ method, route }) => `${method} ${route}`)]
    .map(([route, { length }]) => ({ route, count: length }))
    .toSorted((left, right) => right.count - left.count);
}
