/** Smallest and largest of many groups, draw by draw: groups come one at a time, so memory does not grow with them. */
export type Range = { low: Float64Array; high: Float64Array };

export function emptyRange(resamples: number): Range {
  return {
    low: new Float64Array(resamples).fill(Number.POSITIVE_INFINITY),
    high: new Float64Array(resamples).fill(Number.NEGATIVE_INFINITY),
  };
}

/** A group whose measure a draw leaves undefined (NaN) has no part in that draw. */
export function foldDraws({ low, high }: Range, draws: Float64Array): void {
  for (let round = 0; round < draws.length; round += 1) {
    const value = draws[round] ?? Number.NaN;
    if (value < (low[round] ?? 0)) low[round] = value;
    if (value > (high[round] ?? 0)) high[round] = value;
  }
}

/** Largest - smallest; NaN where no group was defined. */
export function differencesOf({ low, high }: Range): Float64Array {
  return high.map((value, round) => (Number.isFinite(value) ? value - (low[round] ?? Number.NaN) : Number.NaN));
}

/** Smallest / largest; NaN where no group was defined or all are 0. */
export function ratiosOf({ low, high }: Range): Float64Array {
  return high.map((value, round) =>
    value > 0 && Number.isFinite(value) ? (low[round] ?? Number.NaN) / value : Number.NaN,
  );
}
