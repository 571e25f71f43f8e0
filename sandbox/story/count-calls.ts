type Call = { method: string; route: string; actor: string };
/** Calls of one chapter: by who made them, and each route with its count, most used first. */
export type ChapterCalls = {
  chapter: number;
  byActor: Record<string, number>;
  routes: { route: string; count: number }[];
};

/** Counts REST calls by chapter; `chapter` tells which one is being played. */
export function countCalls(chapter: () => number) {
  const calls: (Call & { chapter: number })[] = [];
  return {
    record: (call: Call) => {
      calls.push({ chapter: chapter(), method: call.method, route: call.route, actor: call.actor });
    },
    byChapter(): ChapterCalls[] {
      return [...Map.groupBy(calls, (call) => call.chapter)].map(([number, made]) => ({
        chapter: number,
        byActor: Object.fromEntries(countBy(made, ({ actor }) => actor)),
        // People look at pages as they like; what Pulltrain itself asks is what a rate limit sees.
        routes: countBy(
          made.filter(({ actor }) => actor !== 'user'),
          ({ method, route }) => `${method} ${route}`,
        ).map(([route, count]) => ({ route, count })),
      }));
    },
  };
}

function countBy<T>(items: readonly T[], name: (item: T) => string): [string, number][] {
  return [...Map.groupBy(items, name)]
    .map(([key, group]): [string, number] => [key, group.length])
    .toSorted(([, left], [, right]) => right - left);
}
