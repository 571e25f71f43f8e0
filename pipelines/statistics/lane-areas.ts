import { LANES } from './resample-units.ts';

/** Under the ROC curve, or average precision. */
export type Area = 'auc' | 'precision';
export type LaneAreas = (weights: Uint8Array) => { values: Float64Array; positives: Float64Array };

/**
 * A weighted area of one ranking for four resamples at once. `order` is ascending by score; rows with one score are one
 * step. Without a positive row, or of the ROC curve without a negative one: NaN.
 */
export function laneAreas(
  area: Area,
  { labels, scores, order }: { labels: Float64Array; scores: Float64Array; order: Uint32Array },
  unitOf: Uint32Array,
): LaneAreas {
  const steps = packSteps(labels, scores, order, unitOf);
  const result = { values: new Float64Array(LANES), positives: new Float64Array(LANES) };
  return (weights) => {
    scan(steps, weights, area === 'auc', result);
    return result;
  };
}

const POSITIVE = 1;
const ENDS = 2;

/** Rows from the highest score down: place of the unit's weights (a multiple of 4), whether it is positive, and whether a step ends. */
function packSteps(labels: Float64Array, scores: Float64Array, order: Uint32Array, unitOf: Uint32Array): Uint32Array {
  const rows = order.length;
  const steps = new Uint32Array(rows);
  for (let at = 0; at < rows; at += 1) {
    const row = order[rows - 1 - at] ?? 0;
    const next = order[rows - 2 - at];
    const ends = next === undefined || scores[next] !== scores[row];
    steps[at] = (unitOf[row] ?? 0) * LANES + (labels[row] === 1 ? POSITIVE : 0) + (ends ? ENDS : 0);
  }
  return steps;
}

/** Unrolled by lanes: locals stay in registers, and a branch is taken once for four resamples. */
function scan(steps: Uint32Array, weights: Uint8Array, isAuc: boolean, into: ReturnType<LaneAreas>): void {
  let [all0, all1, all2, all3] = [0, 0, 0, 0];
  let [hits0, hits1, hits2, hits3] = [0, 0, 0, 0];
  let [step0, step1, step2, step3] = [0, 0, 0, 0];
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  let [below0, below1, below2, below3] = [0, 0, 0, 0];
  let [before0, before1, before2, before3] = [0, 0, 0, 0];
  for (let at = 0; at < steps.length; at += 1) {
    const step = steps[at] ?? 0;
    const place = step & ~3;
    const w0 = weights[place] ?? 0;
    const w1 = weights[place + 1] ?? 0;
    const w2 = weights[place + 2] ?? 0;
    const w3 = weights[place + 3] ?? 0;
    all0 += w0;
    all1 += w1;
    all2 += w2;
    all3 += w3;
    if ((step & POSITIVE) !== 0) {
      step0 += w0;
      step1 += w1;
      step2 += w2;
      step3 += w3;
    }
    if ((step & ENDS) === 0) continue;
    if (step0 + step1 + step2 + step3 !== 0) {
      if (isAuc) {
        // Of the negatives, those of higher scores count against a positive, those of its own score by half.
        below0 += step0 * (before0 + (all0 - hits0 - step0));
        below1 += step1 * (before1 + (all1 - hits1 - step1));
        below2 += step2 * (before2 + (all2 - hits2 - step2));
        below3 += step3 * (before3 + (all3 - hits3 - step3));
      }
      hits0 += step0;
      hits1 += step1;
      hits2 += step2;
      hits3 += step3;
      if (!isAuc && step0 !== 0) sum0 += step0 * (hits0 / all0);
      if (!isAuc && step1 !== 0) sum1 += step1 * (hits1 / all1);
      if (!isAuc && step2 !== 0) sum2 += step2 * (hits2 / all2);
      if (!isAuc && step3 !== 0) sum3 += step3 * (hits3 / all3);
      step0 = 0;
      step1 = 0;
      step2 = 0;
      step3 = 0;
    }
    if (isAuc) {
      before0 = all0 - hits0;
      before1 = all1 - hits1;
      before2 = all2 - hits2;
      before3 = all3 - hits3;
    }
  }
  const area = (hits: number, all: number, below: number) => 1 - below / 2 / (hits * (all - hits));
  into.values.set(
    isAuc
      ? [area(hits0, all0, below0), area(hits1, all1, below1), area(hits2, all2, below2), area(hits3, all3, below3)]
      : [sum0 / hits0, sum1 / hits1, sum2 / hits2, sum3 / hits3],
  );
  into.positives.set([hits0, hits1, hits2, hits3]);
}
