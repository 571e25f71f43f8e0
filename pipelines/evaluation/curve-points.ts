import type { Curves } from '../contracts/evaluation.ts';

/** Rows that score at least a distinct value, from the highest score down: how many, and how many positive. */
type Steps = { thresholds: Float64Array; rows: Float64Array; positives: Float64Array; count: number };

/** `order` is ascending by score; labels are 0 or 1. */
export function scoreSteps(labels: Float64Array, scores: Float64Array, order: Uint32Array): Steps {
  const steps = {
    thresholds: new Float64Array(order.length),
    rows: new Float64Array(order.length),
    positives: new Float64Array(order.length),
    count: 0,
  };
  let positives = 0;
  for (let at = order.length - 1; at >= 0; at -= 1) {
    const row = order[at] ?? 0;
    positives += labels[row] ?? 0;
    if (at > 0 && scores[order[at - 1] ?? 0] === scores[row]) continue;
    steps.thresholds[steps.count] = scores[row] ?? 0;
    steps.rows[steps.count] = order.length - at;
    steps.positives[steps.count] = positives;
    steps.count += 1;
  }
  return steps;
}

/**
 * The ROC curve, thinned to points that lie at least 1 % of both axes together apart. Empty with rows of one class only.
 */
export function rocPoints({ thresholds, rows, positives, count }: Steps): NonNullable<Curves['roc']>[number]['points'] {
  const all = rows[count - 1] ?? 0;
  const truths = positives[count - 1] ?? 0;
  if (truths === 0 || truths === all) return [];
  const points = [{ falsePositiveRate: 0, truePositiveRate: 0, threshold: null as number | null }];
  let [lastFalse, lastTrue] = [0, 0];
  for (let step = 0; step < count; step += 1) {
    const hits = positives[step] ?? 0;
    const [falseRate, trueRate] = [((rows[step] ?? 0) - hits) / (all - truths), hits / truths];
    const far = falseRate - lastFalse + (trueRate - lastTrue) >= 2 / 198;
    if (!far && step < count - 1) continue;
    points.push({ falsePositiveRate: falseRate, truePositiveRate: trueRate, threshold: thresholds[step] ?? 0 });
    [lastFalse, lastTrue] = [falseRate, trueRate];
  }
  return points;
}

/** The curve of precision over recall: its first 40 points, where it jumps, then one for each 150th of recall. */
export function precisionRecallPoints({
  thresholds,
  rows,
  positives,
  count,
}: Steps): NonNullable<Curves['precisionRecall']>[number]['points'] {
  const truths = positives[count - 1] ?? 0;
  if (truths === 0) return [];
  const points: { recall: number; precision: number; threshold: number | null }[] = [];
  let last = 0;
  for (let step = 0; step < count; step += 1) {
    const hits = positives[step] ?? 0;
    const recall = hits / truths;
    if (points.length >= 40 && recall - last < 1 / 150 && step < count - 1) continue;
    points.push({ recall, precision: hits / (rows[step] ?? 1), threshold: thresholds[step] ?? 0 });
    last = recall;
  }
  return points;
}

/** The share of positives among the highest scores, for every hundredth of the rows; inside tied scores in proportion. */
export function gainPoints({ rows, positives, count }: Steps): NonNullable<Curves['gain']> {
  const all = rows[count - 1] ?? 0;
  const truths = positives[count - 1] ?? 0;
  if (truths === 0) return [];
  const points: NonNullable<Curves['gain']> = [];
  let step = 0;
  for (let hundredth = 1; hundredth <= 100; hundredth += 1) {
    const wanted = (hundredth / 100) * all;
    while (step < count - 1 && (rows[step] ?? 0) < wanted) step += 1;
    const [fromRows, fromHits] = step === 0 ? [0, 0] : [rows[step - 1] ?? 0, positives[step - 1] ?? 0];
    const [toRows, toHits] = [rows[step] ?? 0, positives[step] ?? 0];
    const hits = fromHits + ((toHits - fromHits) * (wanted - fromRows)) / (toRows - fromRows);
    const captured = Math.min(1, hits / truths);
    points.push({ share: hundredth / 100, captured, lift: captured / (hundredth / 100) });
  }
  return points;
}
