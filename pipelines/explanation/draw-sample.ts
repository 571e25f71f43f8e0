import type { Random } from '../statistics/seeded-random.ts';

export type RowSample = {
  /** Row numbers of the table, in the order of the sample. */
  rows: Uint32Array;
  /** Places in the sample, 0 to rows - 1: parts of about one size that know nothing of each other. */
  blocks: Uint32Array[];
};

/** Blocks that an interval is taken over; 19 degrees of freedom. */
const mostBlocks = 20;

/**
 * About `most` rows of `of`, without replacement, in random order. With `units` (a number per row: the query of a ranking) whole units are
 * drawn until there are `most` rows, and no unit is in two blocks.
 */
export function drawSample(
  { of, most, units = null }: { of: number; most: number; units?: Float64Array | null },
  random: Random,
): RowSample {
  const members = units === null ? null : rowsOfUnits(units);
  const order = shuffled(members?.length ?? of, most, random);
  const count = Math.max(1, Math.min(mostBlocks, Math.floor(Math.min(order.length, most) / 2)));
  const drawn: number[] = [];
  const blocks: number[][] = Array.from({ length: count }, () => []);
  for (let at = 0; at < order.length && drawn.length < most; at += 1) {
    const unit = order[at] ?? 0;
    for (const row of members?.[unit] ?? [unit]) {
      blocks[at % count]?.push(drawn.length);
      drawn.push(row);
    }
  }
  const filled = blocks.filter((block) => block.length > 0);
  return { rows: Uint32Array.from(drawn), blocks: filled.map((block) => Uint32Array.from(block)) };
}

function rowsOfUnits(units: Float64Array): number[][] {
  const members = new Map<number, number[]>();
  units.forEach((unit, row) => {
    const known = members.get(unit);
    if (known === undefined) members.set(unit, [row]);
    else known.push(row);
  });
  return [...members.values()];
}

/** All of `length` in random order at the first `count` places: no more is drawn than is looked at. */
function shuffled(length: number, count: number, random: Random): Uint32Array {
  const order = new Uint32Array(length);
  for (let at = 0; at < length; at += 1) order[at] = at;
  for (let at = 0; at < Math.min(count, length - 1); at += 1)
    swap(order, at, at + Math.floor(random() * (length - at)));
  return order;
}

/** Fisher and Yates, in place. */
export function shuffle(values: Uint32Array, random: Random): void {
  for (let at = values.length - 1; at > 0; at -= 1) swap(values, at, Math.floor(random() * (at + 1)));
}

function swap(values: Uint32Array, one: number, other: number): void {
  const kept = values[one] ?? 0;
  values[one] = values[other] ?? 0;
  values[other] = kept;
}
