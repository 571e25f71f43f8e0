import type { NormalFact } from './group-facts.ts';
import { countRows, type Grouping } from './mean-facts.ts';

/** Scores of one model and the rows in ascending order of them. */
export type SortedScores = { scores: Float64Array; order: Uint32Array };

/**
 * Area under the ROC curve within every group with its standard error (DeLong, DeLong & Clarke-Pearson 1988), and that of
 * the paired difference. One order of all rows does for every group: each counts only its own.
 */
export function areaFacts(
  labels: Float64Array,
  head: SortedScores,
  base: SortedScores | null,
  grouping: Grouping,
): NormalFact[] {
  const sizes = countRows(grouping);
  const positives = new Float64Array(grouping.groups);
  for (let row = 0; row < labels.length; row += 1) {
    const code = grouping.codes[row] ?? 0;
    positives[code] = (positives[code] ?? 0) + (labels[row] ?? 0);
  }
  const classes = { positives, negatives: positives.map((count, group) => (sizes[group] ?? 0) - count) };
  const after = components(labels, head, grouping, classes);
  const before = base === null ? null : components(labels, base, grouping, classes);
  const own = areas(labels, after, null, grouping, classes);
  const other = before === null ? null : areas(labels, before, null, grouping, classes);
  const change = before === null ? null : areas(labels, after, before, grouping, classes);
  return Array.from(sizes, (_, group) => ({
    measure: 'roc_auc',
    n: Math.min(positives[group] ?? 0, classes.negatives[group] ?? 0),
    head: own[group] ?? unknown,
    base: other === null ? null : (other[group] ?? unknown),
    changeError: change === null ? null : (change[group]?.error ?? Number.NaN),
  }));
}

const unknown = { value: Number.NaN, error: Number.NaN };
type Classes = { positives: Float64Array; negatives: Float64Array };

/** For a positive the share of its group's negatives scored below it, for a negative that of positives above; ties half. */
function components(
  labels: Float64Array,
  { scores, order }: SortedScores,
  { codes, groups }: Grouping,
  { positives, negatives }: Classes,
): Float64Array {
  const rows = labels.length;
  const component = new Float64Array(rows);
  // Place 2 g of a group counts its negatives, place 2 g + 1 its positives.
  const below = new Float64Array(2 * groups);
  const here = new Float64Array(2 * groups);
  const placeOf = (row: number) => 2 * (codes[row] ?? 0) + (labels[row] ?? 0);
  const shareOf = (place: number, ties: number) => {
    const code = place >>> 1;
    return place % 2 === 1
      ? ((below[place - 1] ?? 0) + ties / 2) / (negatives[code] ?? 0)
      : 1 - ((below[place + 1] ?? 0) + ties / 2) / (positives[code] ?? 0);
  };
  for (let start = 0; start < rows; ) {
    const score = scores[order[start] ?? 0];
    let end = start + 1;
    while (end < rows && scores[order[end] ?? 0] === score) end += 1;
    if (end === start + 1) {
      const row = order[start] ?? 0;
      const place = placeOf(row);
      component[row] = shareOf(place, 0);
      below[place] = (below[place] ?? 0) + 1;
    } else {
      for (let at = start; at < end; at += 1) {
        const place = placeOf(order[at] ?? 0);
        here[place] = (here[place] ?? 0) + 1;
      }
      for (let at = start; at < end; at += 1) {
        const row = order[at] ?? 0;
        const place = placeOf(row);
        component[row] = shareOf(place, here[place ^ 1] ?? 0);
      }
      for (let at = start; at < end; at += 1) {
        const place = placeOf(order[at] ?? 0);
        below[place] = (below[place] ?? 0) + (here[place] ?? 0);
        here[place] = 0;
      }
    }
    start = end;
  }
  return component;
}

/** Mean of the positives' components; its variance is S10/m + S01/n. Of `component - less` where that is given. */
function areas(
  labels: Float64Array,
  component: Float64Array,
  less: Float64Array | null,
  { codes, groups }: Grouping,
  { positives, negatives }: Classes,
): { value: number; error: number }[] {
  const sums = { positives: new Float64Array(groups), negatives: new Float64Array(groups) };
  const squares = { positives: new Float64Array(groups), negatives: new Float64Array(groups) };
  for (let row = 0; row < labels.length; row += 1) {
    const code = codes[row] ?? 0;
    const value = (component[row] ?? 0) - (less === null ? 0 : (less[row] ?? 0));
    const side = labels[row] === 1 ? 'positives' : 'negatives';
    sums[side][code] = (sums[side][code] ?? 0) + value;
    squares[side][code] = (squares[side][code] ?? 0) + value * value;
  }
  return Array.from({ length: groups }, (_, group) => {
    const [m, n] = [positives[group] ?? 0, negatives[group] ?? 0];
    if (m === 0 || n === 0) return unknown;
    const spread =
      meanVariance(sums.positives[group] ?? 0, squares.positives[group] ?? 0, m) +
      meanVariance(sums.negatives[group] ?? 0, squares.negatives[group] ?? 0, n);
    return { value: (sums.positives[group] ?? 0) / m, error: Math.sqrt(spread) };
  });
}

/** Variance of a mean of `n` components, which lie in -1..1: sums lose nothing there. A single one has none. */
function meanVariance(sum: number, squares: number, n: number): number {
  return n < 2 ? 0 : Math.max(0, squares - (sum * sum) / n) / (n - 1) / n;
}
