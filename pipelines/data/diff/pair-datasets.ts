/** A dataset that goes into a run: the path in the tree and its content. */
export type Dataset = { path: string; integrity: string };
export type DatasetPair = { base: Dataset; head: Dataset };

/**
 * Which dataset of a change stands for which of its base: the one at the same path, or, where a parameter now names
 * another path, the one whose path is most alike. Datasets that are the same on both sides are left out.
 */
export function pairDatasets(base: readonly Dataset[], head: readonly Dataset[]): DatasetPair[] {
  const samePath = base.flatMap((before) => {
    const after = head.find(({ path }) => path === before.path);
    return after === undefined || after.integrity === before.integrity ? [] : [{ base: before, head: after }];
  });
  const gone = base.filter(({ path }) => !head.some((one) => one.path === path));
  const added = head.filter(({ path }) => !base.some((one) => one.path === path));
  const candidates = gone
    .flatMap((before) =>
      added.map((after) => ({ base: before, head: after, alike: likeness(before.path, after.path) })),
    )
    .sort((left, right) => right.alike - left.alike);
  const pairs: DatasetPair[] = [];
  for (const { base: before, head: after } of candidates) {
    const taken = pairs.some((pair) => pair.base === before || pair.head === after);
    if (!taken && before.integrity !== after.integrity) pairs.push({ base: before, head: after });
  }
  return [...samePath, ...pairs];
}

/** Characters that two paths have in common at their ends, as a share of the longer one. */
function likeness(left: string, right: string): number {
  const most = Math.min(left.length, right.length);
  let start = 0;
  while (start < most && left[start] === right[start]) start += 1;
  let end = 0;
  while (end < most - start && left.at(-1 - end) === right.at(-1 - end)) end += 1;
  return (start + end) / Math.max(1, left.length, right.length);
}
