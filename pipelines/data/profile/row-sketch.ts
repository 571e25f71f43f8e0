import type { RowSketch } from '../../contracts/data-profile.ts';

/** Rows that a sketch keeps, about. */
export const keptRows = 2048;

type Kept = RowSketch['rows'];

/** The rows of a table that a sketch keeps, with fewer where there are too many. */
export function rowSketchOf(
  rows: Kept,
  halvings: number,
  known: { repeatsAtLeast: number; exact: boolean },
): RowSketch {
  let kept = sorted(rows);
  let halved = halvings;
  while (kept.length > 2 * keptRows && halved < 63) {
    halved += 1;
    kept = within(kept, halved);
  }
  return { halvings: halved, rows: kept, ...known };
}

/** The sketch of both parts together: exactly what one look at the whole keeps. */
export function mergeRowSketches(left: RowSketch, right: RowSketch): RowSketch {
  const halvings = Math.max(left.halvings, right.halvings);
  const counts = new Map<string, number>();
  for (const [hash, count] of [...within(left.rows, halvings), ...within(right.rows, halvings)]) {
    counts.set(hash, (counts.get(hash) ?? 0) + count);
  }
  const repeats = [...counts.values()].reduce((sum, count) => sum + count - 1, 0);
  const complete = halvings === 0;
  return rowSketchOf([...counts], halvings, {
    repeatsAtLeast: complete ? repeats : Math.max(repeats, left.repeatsAtLeast + right.repeatsAtLeast),
    exact: complete,
  });
}

/** Rows that equal an earlier one, and what that may be off by: four standard errors, at least what one kept row stands for. */
export function repeatedRows({ halvings, rows, repeatsAtLeast, exact }: RowSketch): { count: number; error: number } {
  if (exact) return { count: repeatsAtLeast, error: 0 };
  const scale = 2 ** halvings;
  const sum = rows.reduce((total, [, count]) => total + count - 1, 0);
  const squares = rows.reduce((total, [, count]) => total + (count - 1) ** 2, 0);
  return {
    count: Math.max(repeatsAtLeast, sum * scale),
    error: 4 * Math.sqrt(scale * (scale - 1) * Math.max(1, squares)),
  };
}

/** Rows whose hash lies in the first 2^-halvings of its range. */
export function within(rows: Kept, halvings: number): Kept {
  const limit = 1n << BigInt(64 - halvings);
  return halvings === 0 ? rows : rows.filter(([hash]) => BigInt(`0x${hash}`) < limit);
}

function sorted(rows: Kept): Kept {
  return [...rows].sort(([left], [right]) => (left < right ? -1 : Number(left > right)));
}
