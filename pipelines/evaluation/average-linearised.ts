import type { Linearised } from '../statistics/average-precision.ts';

/** The weighted mean of statistics of the same rows; a row pulls it by the mean of its pulls. */
export function averageLinearised(parts: readonly Linearised[], weights: readonly number[]): Linearised {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const influence = new Float64Array(parts[0]?.influence.length ?? 0);
  let value = 0;
  parts.forEach((part, index) => {
    const share = (weights[index] ?? 0) / total;
    value += share * part.value;
    for (let row = 0; row < influence.length; row += 1) {
      influence[row] = (influence[row] ?? 0) + share * (part.influence[row] ?? 0);
    }
  });
  return { value, influence };
}
