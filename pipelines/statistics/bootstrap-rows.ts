import type { Random } from './seeded-random.ts';

/**
 * Bootstrap over rows, for statistics that no smaller summary carries. `statistics` gets how often each row was drawn
 * and must not keep the array; one draw serves all models, which is what makes the comparison paired.
 */
export function bootstrapRows(
  rows: number,
  statistics: (weights: Float64Array) => readonly number[],
  { resamples, random }: { resamples: number; random: Random },
): Float64Array[] {
  const weights = new Float64Array(rows).fill(1);
  const columns = statistics(weights).map(() => new Float64Array(resamples));
  for (let round = 0; round < resamples; round += 1) {
    weights.fill(0);
    for (let draw = 0; draw < rows; draw += 1) {
      const row = Math.floor(random() * rows);
      weights[row] = (weights[row] ?? 0) + 1;
    }
    statistics(weights).forEach((value, column) => {
      const values = columns[column];
      if (values !== undefined) values[round] = value;
    });
  }
  return columns;
}
