import type { FairnessEnd } from '../contracts/fairness.ts';

/** Value of one measure in one group; groups without a value are not among them. */
export type GroupValue = { group: string; value: number };
export type Spread = {
  lowest: FairnessEnd | null;
  highest: FairnessEnd | null;
  difference: number | null;
  ratio: number | null;
  toOverall: { difference: number | null; ratio: number | null; group: string | null };
};

/**
 * How far values lie apart: largest - smallest and smallest / largest between groups, and the largest distance from the
 * value of all rows (max |g - all| and min(g / all, all / g), as fairlearn has them). A single group has neither; a ratio
 * is null where the larger side is 0. Of equal groups the first is
 * named as the lowest and the last as the highest.
 */
export function spreadOf(values: readonly GroupValue[], overall: number | null, hasRatio: boolean): Spread {
  const [first] = values;
  const none = { lowest: null, highest: null, difference: null, ratio: null };
  const noOverall = { difference: null, ratio: null, group: null };
  if (first === undefined || values.length < 2) return { ...none, toOverall: noOverall };
  let [lowest, highest] = [first, first];
  for (const found of values) {
    if (found.value < lowest.value) lowest = found;
    if (found.value >= highest.value) highest = found;
  }
  const ratio = hasRatio && highest.value > 0 ? lowest.value / highest.value : null;
  return {
    lowest: { ...lowest },
    highest: { ...highest },
    difference: highest.value - lowest.value,
    ratio,
    toOverall: overall === null ? noOverall : toOverall(lowest, highest, overall, hasRatio),
  };
}

/** The group farthest from all rows is one of the two ends. */
function toOverall(lowest: FairnessEnd, highest: FairnessEnd, overall: number, hasRatio: boolean): Spread['toOverall'] {
  const [below, above] = [overall - lowest.value, highest.value - overall];
  const ratios = [lowest.value, highest.value].map((value) =>
    Math.max(value, overall) > 0 ? Math.min(value, overall) / Math.max(value, overall) : 1,
  );
  return {
    difference: Math.max(below, above),
    ratio: hasRatio && Math.max(overall, highest.value) > 0 ? Math.min(...ratios) : null,
    group: below >= above ? lowest.group : highest.group,
  };
}
