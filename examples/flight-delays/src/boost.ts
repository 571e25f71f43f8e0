import type { BinnedColumns } from './bin-columns.ts';
import { type GrowSettings, growTree, type Tree } from './grow-tree.ts';
import { randomNumbers } from './random-numbers.ts';

/** The score of a row is `base` plus one leaf of each tree; its probability is the logistic function of the score. */
export type Forest = { base: number; trees: Tree[] };

export type BoostSettings = GrowSettings & {
  trees: number;
  /** Share of the rows each tree learns from, drawn anew for every tree. */
  sample: number;
  seed: number;
};

/**
 * Gradient boosting for a yes-or-no label (Friedman 2001 and 2002, with the second-order step of Chen & Guestrin
 * 2016). The first `labels.length` rows are learned from. `onRound` hears of every round and of the mean log loss
 * of its sample before the new tree.
 */
export function boost(
  binned: BinnedColumns,
  labels: Uint8Array,
  settings: BoostSettings,
  onRound: (round: number, loss: number) => void,
): Forest {
  const n = labels.length;
  const late = labels.reduce((sum, label) => sum + label, 0);
  if (late === 0 || late === n) throw new Error(`All ${n} training rows have the same label: nothing to learn`);
  const base = Math.fround(Math.log(late / (n - late)));
  const scores = new Float64Array(n).fill(base);
  const gradients = new Float32Array(n);
  const curvatures = new Float32Array(n);
  const order = new Int32Array(n);
  const scratch = new Int32Array(n);
  const random = randomNumbers(settings.seed);
  const trees: Tree[] = [];

  for (let round = 1; round <= settings.trees; round++) {
    const { sampled, rest } = drawSample(order, settings.sample, random);
    onRound(round, differentiate(sampled, scores, labels, gradients, curvatures));
    trees.push(growTree({ binned, sampled, rest, scratch, gradients, curvatures }, scores, settings));
  }
  return { base, trees };
}

/** Puts the rows of the sample at the front of `order`, rising, and all others behind them, falling. */
function drawSample(order: Int32Array, share: number, random: () => number): { sampled: Int32Array; rest: Int32Array } {
  let front = 0;
  let back = order.length - 1;
  for (let row = 0; row < order.length; row++) {
    order[front] = row;
    order[back] = row;
    const isSampled = random() < share ? 1 : 0;
    front += isSampled;
    back -= 1 - isSampled;
  }
  return { sampled: order.subarray(0, front), rest: order.subarray(front) };
}

/** Derivatives of the log loss by the score, for the rows given; returns the mean log loss of those rows. */
function differentiate(
  rows: Int32Array,
  scores: Float64Array,
  labels: Uint8Array,
  gradients: Float32Array,
  curvatures: Float32Array,
): number {
  let loss = 0;
  // Logarithms are slow: one is taken of the product over sixteen rows.
  let likelihood = 1;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? 0;
    const label = labels[row] ?? 0;
    const probability = 1 / (1 + Math.exp(-(scores[row] ?? 0)));
    gradients[row] = probability - label;
    curvatures[row] = probability * (1 - probability);
    likelihood *= 1 - Math.abs(probability - label);
    if ((index & 15) === 15) {
      loss -= Math.log(likelihood);
      likelihood = 1;
    }
  }
  return (loss - Math.log(likelihood)) / rows.length;
}
