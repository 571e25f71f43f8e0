import { binomialSample } from './binomial-sample.ts';
import type { Random } from './seeded-random.ts';

/**
 * Bootstrap of statistics that depend on counts of cells alone: resampling n rows is one multinomial draw over the
 * cells, so its cost does not grow with the rows. Each stratum keeps its own total (stratified by group); pass one
 * stratum to resample freely. `statistics` sees the redrawn counts in the same shape and must not keep them.
 */
export function bootstrapCells(
  strata: readonly Float64Array[],
  statistics: (strata: readonly Float64Array[]) => readonly number[],
  { resamples, random }: { resamples: number; random: Random },
): Float64Array[] {
  const drawn = strata.map((counts) => new Float64Array(counts.length));
  const columns = statistics(strata).map(() => new Float64Array(resamples));
  for (let round = 0; round < resamples; round += 1) {
    strata.forEach((counts, stratum) => {
      const into = drawn[stratum];
      if (into !== undefined) redraw(counts, into, random);
    });
    statistics(drawn).forEach((value, column) => {
      const values = columns[column];
      if (values !== undefined) values[round] = value;
    });
  }
  return columns;
}

/** A multinomial draw as a chain of binomials, each given what is left. */
function redraw(counts: Float64Array, into: Float64Array, random: Random): void {
  let rowsLeft = counts.reduce((sum, count) => sum + count, 0);
  let drawsLeft = rowsLeft;
  for (let cell = 0; cell < counts.length; cell += 1) {
    const count = counts[cell] ?? 0;
    const draws = count === 0 ? 0 : binomialSample(drawsLeft, count / rowsLeft, random);
    into[cell] = draws;
    rowsLeft -= count;
    drawsLeft -= draws;
  }
}
