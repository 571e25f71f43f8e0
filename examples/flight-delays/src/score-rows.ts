import type { Forest } from './boost.ts';

/** Probability of each row from `begin` on, computed from the trees themselves as the exported model computes it. */
export function scoreRows({ base, trees }: Forest, columns: readonly Float32Array[], begin = 0): Float64Array {
  const rows = (columns[0]?.length ?? 0) - begin;
  const probabilities = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let score = base;
    for (const { feature, threshold, left, right, value } of trees) {
      let node = 0;
      while (left[node] !== 0) {
        const x = columns[feature[node] ?? 0]?.[begin + row] ?? Number.NaN;
        node = (x <= (threshold[node] ?? 0) ? left[node] : right[node]) ?? 0;
      }
      score += value[node] ?? 0;
    }
    probabilities[row] = 1 / (1 + Math.exp(-score));
  }
  return probabilities;
}
