import type { BinnedColumns } from './bin-columns.ts';

/** A decision tree in parallel arrays; node 0 is the root. A node without children (`left` is 0) is a leaf. */
export type Tree = {
  feature: number[];
  /** A row goes left when its value is at most `threshold`, which is when its cell is at most `limit`. */
  threshold: number[];
  limit: number[];
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
  /** The rows this tree learns from; they are reordered leaf by leaf. */
  rows: Int32Array;
  /** As long as `rows`; kept from tree to tree, so that nothing large is allocated twice. */
  scratch: Int32Array;
  /** First and second derivative of the loss by the score, indexed by row. */
  gradients: Float32Array;
  curvatures: Float32Array;
};

/** Sums over the rows of a node, by bin: gradient, curvature and count, side by side. */
type Histogram = Float64Array;
type Split = { feature: number; bin: number; gain: number };
/** A node that may still be split, and the positions of its rows; `end` is one past the last. */
type Leaf = { node: number; begin: number; end: number; histogram: Histogram; split: Split | null };

/**
 * Grows one tree, always splitting the leaf that gains most (leaf-wise). Gain and leaf values are those of
 * second-order boosting (Chen & Guestrin 2016, equations 5 and 7). Only the smaller child is counted; the other one
 * is its parent less the smaller.
 */
export function growTree(ground: Ground, settings: GrowSettings): Tree {
  const { binned, rows } = ground;
  const tree: Tree = { feature: [], threshold: [], limit: [], left: [], right: [], value: [] };
  const leaves = [newLeaf(0, rows.length, countBins(ground, 0, rows.length))];

  while (leaves.length < settings.leaves) {
    const best = leaves.reduce((most, leaf) => ((leaf.split?.gain ?? 0) > (most.split?.gain ?? 0) ? leaf : most));
    if (best.split === null) break;
    const { feature, bin } = best.split;
    const limit = (binned.starts[feature] ?? 0) + bin;
    const middle = partition(ground, best, feature, limit);
    const leftIsSmaller = middle - best.begin <= best.end - middle;
    const smaller = leftIsSmaller ? countBins(ground, best.begin, middle) : countBins(ground, middle, best.end);
    const larger = subtract(best.histogram, smaller);

    const left = newLeaf(best.begin, middle, leftIsSmaller ? smaller : larger);
    const right = newLeaf(middle, best.end, leftIsSmaller ? larger : smaller);
    tree.feature[best.node] = feature;
    tree.threshold[best.node] = binned.edges[feature]?.[bin] ?? Number.NaN;
    tree.limit[best.node] = limit;
    tree.left[best.node] = left.node;
    tree.right[best.node] = right.node;
    leaves.splice(leaves.indexOf(best), 1, left, right);
  }

  for (const { node, histogram } of leaves) {
    const { gradient, curvature } = totals(histogram, binned);
    tree.value[node] = Math.fround((-settings.learningRate * gradient) / (curvature + settings.l2));
  }
  return tree;

  function newLeaf(begin: number, end: number, histogram: Histogram): Leaf {
    const node = tree.left.length;
    for (const column of Object.values(tree)) column[node] = 0;
    return { node, begin, end, histogram, split: findSplit(histogram, binned, settings) };
  }
}

function countBins({ binned, rows, gradients, curvatures }: Ground, begin: number, end: number): Histogram {
  const { cells, features, starts } = binned;
  const histogram = new Float64Array(3 * (starts[features] ?? 0));
  for (let index = begin; index < end; index++) {
    const row = rows[index] ?? 0;
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

/** Moves a leaf's rows that go left before those that go right, keeping their order; returns where right begins. */
function partition({ binned, rows, scratch }: Ground, { begin, end }: Leaf, feature: number, limit: number): number {
  const { cells, features } = binned;
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
  return left;
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
