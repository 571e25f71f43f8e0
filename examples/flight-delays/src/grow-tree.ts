import type { BinnedColumns } from './bin-columns.ts';

/** A decision tree in parallel arrays; node 0 is the root. A node without children (`left` is 0) is a leaf. */
export type Tree = {
  feature: number[];
  /** A row goes left when its value is at most this. */
  threshold: number[];
  left: number[];
  right: number[];
  /** What a leaf adds to the score. */
  value: number[];
};

export type GrowSettings = {
  leaves: number;
  minRowsPerLeaf: number;
  /** Added to the curvature of every leaf; pulls its value towards 0. */
  l2: number;
  learningRate: number;
};

/** What a tree grows from. */
export type Ground = {
  binned: BinnedColumns;
  /** The rows this tree learns from, and all others; both are reordered leaf by leaf. */
  sampled: Int32Array;
  rest: Int32Array;
  /** As long as the longer of the two; kept from tree to tree, so that nothing large is allocated twice. */
  scratch: Int32Array;
  /** First and second derivative of the loss by the score, indexed by row. */
  gradients: Float32Array;
  curvatures: Float32Array;
};

/** Sums over the sampled rows of a node, by bin: gradient, curvature and count, side by side. */
type Histogram = Float64Array;
type Split = { feature: number; bin: number; gain: number };
/** Positions in `sampled` or `rest`; `end` is one past the last. */
type Range = { begin: number; end: number };
type Leaf = { node: number; sampled: Range; rest: Range; histogram: Histogram; split: Split | null };

/**
 * Grows one tree, always splitting the leaf that gains most (leaf-wise), and adds to each row's score the value of the
 * leaf it falls into. Gain and leaf values are those of second-order boosting (Chen & Guestrin 2016, equations 5 and
 * 7). Only the smaller child is counted; the other one is its parent less the smaller.
 */
export function growTree(ground: Ground, scores: Float64Array, settings: GrowSettings): Tree {
  const { binned, sampled, rest } = ground;
  const tree: Tree = { feature: [], threshold: [], left: [], right: [], value: [] };
  const all = { begin: 0, end: sampled.length };
  const leaves = [newLeaf(all, { begin: 0, end: rest.length }, countBins(ground, all))];

  while (leaves.length < settings.leaves) {
    const best = leaves.reduce((most, leaf) => ((leaf.split?.gain ?? 0) > (most.split?.gain ?? 0) ? leaf : most));
    if (best.split === null) break;
    const [leftSampled, rightSampled] = partition(ground, sampled, best.sampled, best.split);
    const [leftRest, rightRest] = partition(ground, rest, best.rest, best.split);
    const leftIsSmaller = leftSampled.end - leftSampled.begin <= rightSampled.end - rightSampled.begin;
    const smaller = countBins(ground, leftIsSmaller ? leftSampled : rightSampled);
    const larger = subtract(best.histogram, smaller);

    const left = newLeaf(leftSampled, leftRest, leftIsSmaller ? smaller : larger);
    const right = newLeaf(rightSampled, rightRest, leftIsSmaller ? larger : smaller);
    tree.feature[best.node] = best.split.feature;
    tree.threshold[best.node] = binned.edges[best.split.feature]?.[best.split.bin] ?? Number.NaN;
    tree.left[best.node] = left.node;
    tree.right[best.node] = right.node;
    leaves.splice(leaves.indexOf(best), 1, left, right);
  }

  for (const leaf of leaves) {
    const { gradient, curvature } = totals(leaf.histogram, binned);
    const value = Math.fround((-settings.learningRate * gradient) / (curvature + settings.l2));
    tree.value[leaf.node] = value;
    addTo(scores, sampled, leaf.sampled, value);
    addTo(scores, rest, leaf.rest, value);
  }
  return tree;

  function newLeaf(sampledRange: Range, restRange: Range, histogram: Histogram): Leaf {
    const node = tree.left.length;
    for (const column of Object.values(tree)) column[node] = 0;
    const split = findSplit(histogram, binned, settings);
    return { node, sampled: sampledRange, rest: restRange, histogram, split };
  }
}

function countBins({ binned, sampled, gradients, curvatures }: Ground, { begin, end }: Range): Histogram {
  const { cells, features, starts } = binned;
  const histogram = new Float64Array(3 * (starts[features] ?? 0));
  for (let index = begin; index < end; index++) {
    const row = sampled[index] ?? 0;
    const gradient = gradients[row] ?? 0;
    const curvature = curvatures[row] ?? 0;
    const first = row * features;
    for (let cell = first; cell < first + features; cell++) {
      const at = 3 * (cells[cell] ?? 0);
      histogram[at] = (histogram[at] ?? 0) + gradient;
      histogram[at + 1] = (histogram[at + 1] ?? 0) + curvature;
      histogram[at + 2] = (histogram[at + 2] ?? 0) + 1;
    }
  }
  return histogram;
}

/** Takes `part` from `whole`, in place. */
function subtract(whole: Histogram, part: Histogram): Histogram {
  for (let index = 0; index < whole.length; index++) whole[index] = (whole[index] ?? 0) - (part[index] ?? 0);
  return whole;
}

/** Moves a leaf's rows that go left before those that go right, keeping their order. */
function partition(
  { binned: { cells, features, starts }, scratch }: Ground,
  rows: Int32Array,
  { begin, end }: Range,
  { feature, bin }: Split,
): [left: Range, right: Range] {
  const limit = (starts[feature] ?? 0) + bin;
  let left = begin;
  let right = 0;
  for (let index = begin; index < end; index++) {
    // Written to both sides and kept on one: there is no branch that the processor could predict wrongly.
    const row = rows[index] ?? 0;
    rows[left] = row;
    scratch[right] = row;
    const goesLeft = (cells[row * features + feature] ?? 0) <= limit ? 1 : 0;
    left += goesLeft;
    right += 1 - goesLeft;
  }
  rows.set(scratch.subarray(0, right), left);
  const middle = left;
  return [
    { begin, end: middle },
    { begin: middle, end },
  ];
}

function addTo(scores: Float64Array, rows: Int32Array, { begin, end }: Range, value: number): void {
  for (let index = begin; index < end; index++) {
    const row = rows[index] ?? 0;
    scores[row] = (scores[row] ?? 0) + value;
  }
}

/** Sums over all rows of a node. Every feature sees every row once, so the first one tells. */
function totals(histogram: Histogram, { starts }: BinnedColumns) {
  let [gradient, curvature, count] = [0, 0, 0];
  for (let at = 0; at < 3 * (starts[1] ?? 0); at += 3) {
    gradient += histogram[at] ?? 0;
    curvature += histogram[at + 1] ?? 0;
    count += histogram[at + 2] ?? 0;
  }
  return { gradient, curvature, count };
}

function findSplit(histogram: Histogram, binned: BinnedColumns, { l2, minRowsPerLeaf }: GrowSettings): Split | null {
  const { gradient, curvature, count } = totals(histogram, binned);
  const unsplit = gradient ** 2 / (curvature + l2);
  let best: Split | null = null;
  for (let feature = 0; feature < binned.features; feature++) {
    const start = binned.starts[feature] ?? 0;
    const edges = binned.edges[feature]?.length ?? 0;
    let [leftGradient, leftCurvature, leftCount] = [0, 0, 0];
    for (let bin = 0; bin < edges; bin++) {
      const at = 3 * (start + bin);
      leftGradient += histogram[at] ?? 0;
      leftCurvature += histogram[at + 1] ?? 0;
      leftCount += histogram[at + 2] ?? 0;
      if (leftCount < minRowsPerLeaf) continue;
      if (count - leftCount < minRowsPerLeaf) break;
      const gain =
        leftGradient ** 2 / (leftCurvature + l2) +
        (gradient - leftGradient) ** 2 / (curvature - leftCurvature + l2) -
        unsplit;
      if (gain > (best?.gain ?? 0)) best = { feature, bin, gain };
    }
  }
  return best;
}
