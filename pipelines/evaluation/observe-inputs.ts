import type { ScoreColumns } from '../ports/scorer.ts';

/** Of the finite values of a numeric input; `low` is Infinity where there are none. */
export type InputRange = { low: number; high: number; deviation: number };

export type ObservedInputs = {
  /** The wanted rows in the order in which they were wanted: numbers as doubles, text as it is. */
  columns: Record<string, Float64Array | string[]>;
  /** Of every numeric input, over all rows. */
  ranges: Record<string, InputRange>;
};

/**
 * Passes batches on and keeps some of their rows and the range of every number on the way, so that the table need not be
 * read again. `wanted` are row numbers counted from 0, in any order; `observed` is complete when all batches are through.
 */
export function observeInputs(
  batches: AsyncIterable<ScoreColumns>,
  wanted: Uint32Array,
): { batches: AsyncIterable<ScoreColumns>; observed(): ObservedInputs } {
  const places = Uint32Array.from(wanted.keys()).sort((left, right) => (wanted[left] ?? 0) - (wanted[right] ?? 0));
  const columns: ObservedInputs['columns'] = {};
  const moments = new Map<string, Moments>();
  async function* pass(): AsyncGenerator<ScoreColumns> {
    let start = 0;
    let next = 0;
    for await (const batch of batches) {
      const rows = Object.values(batch)[0]?.length ?? 0;
      const from = next;
      while (next < places.length && (wanted[places[next] ?? 0] ?? 0) < start + rows) next += 1;
      for (const [name, values] of Object.entries(batch)) {
        const numbers = ArrayBuffer.isView(values);
        columns[name] ??= numbers ? new Float64Array(wanted.length) : [];
        const kept = columns[name];
        for (let at = from; at < next; at += 1) {
          const place = places[at] ?? 0;
          const value = values[(wanted[place] ?? 0) - start] ?? '';
          kept[place] = kept instanceof Float64Array ? Number(value) : String(value);
        }
        if (numbers) moments.set(name, addMoments(moments.get(name) ?? noMoments(), values));
      }
      start += rows;
      yield batch;
    }
  }
  return {
    batches: pass(),
    observed: () => ({
      columns,
      ranges: Object.fromEntries([...moments].map(([name, found]) => [name, rangeOf(found)])),
    }),
  };
}

/** Sums around the first value, which keeps them small. */
type Moments = { low: number; high: number; first: number; n: number; sum: number; squares: number };

function noMoments(): Moments {
  return {
    low: Number.POSITIVE_INFINITY,
    high: Number.NEGATIVE_INFINITY,
    first: Number.NaN,
    n: 0,
    sum: 0,
    squares: 0,
  };
}

function addMoments(moments: Moments, values: ArrayLike<number | bigint>): Moments {
  let { low, high, first, n, sum, squares } = moments;
  for (let at = 0; at < values.length; at += 1) {
    const value = Number(values[at]);
    // Neither missing nor infinite.
    if (value - value !== 0) continue;
    if (n === 0) first = value;
    n += 1;
    if (value < low) low = value;
    if (value > high) high = value;
    const off = value - first;
    sum += off;
    squares += off * off;
  }
  return { low, high, first, n, sum, squares };
}

function rangeOf({ low, high, n, sum, squares }: Moments): InputRange {
  const variance = n === 0 ? 0 : Math.max(0, squares / n - (sum / n) ** 2);
  return { low, high, deviation: Number.isFinite(variance) ? Math.sqrt(variance) : 0 };
}
