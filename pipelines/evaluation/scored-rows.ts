import { sortOrder } from '../statistics/sort-order.ts';

/** Labels and scores of the same rows. `threshold` decides (binary); `order` sorts by score, once. */
export type ScoredRows = {
  labels: Float64Array;
  scores: Float64Array;
  threshold: number;
  order(): Uint32Array;
};

export function scoredRows(labels: Float64Array, scores: Float64Array, threshold: number): ScoredRows {
  let order: Uint32Array | null = null;
  return {
    labels,
    scores,
    threshold,
    order() {
      order ??= sortOrder(scores);
      return order;
    },
  };
}
