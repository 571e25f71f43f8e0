import type { QuantileSketch } from '../../contracts/data-profile.ts';

/** Cells that the rows are cut into, about equally many in each. */
const cells = 256;
/** Edges that a sketch may have before some are left out. */
const mostEdges = 1024;

/**
 * Edges for counting a column: extremes, quantiles of a sorted sample, and both sides of every value that fills a cell alone,
 * so that no rank within a cell of many values is off by more than the few values that share it. Zero always is such a value.
 */
export function chooseEdges(
  sorted: Float64Array,
  { min, max, whole }: { min: number; max: number; whole: boolean },
): number[] {
  const edges = new Set([min, max]);
  const alone = (value: number) => edges.add(whole ? value - 1 : nextDown(value)).add(value);
  alone(0);
  const distinct = distinctUpTo(sorted, cells);
  if (distinct !== null) for (const value of distinct) alone(value);
  else {
    let before = Number.NaN;
    for (let cell = 1; cell < cells; cell += 1) {
      const value = sorted[Math.ceil((cell * sorted.length) / cells) - 1] ?? max;
      if (value === before) alone(value);
      else edges.add(value);
      before = value;
    }
  }
  return [...edges].filter((edge) => edge >= min && edge <= max).sort((left, right) => left - right);
}

/** A sketch from counts of the values in (edge before, edge]; its error is what the fullest cell of many values holds. */
export function sketchOf(edges: readonly number[], counts: readonly number[], whole: boolean): QuantileSketch {
  const below: number[] = [];
  let total = 0;
  let fullest = 0;
  counts.forEach((count, index) => {
    total += count;
    below.push(total);
    const [from, to] = [edges[index - 1], edges[index]];
    const single = from === undefined || to === undefined || (whole ? to - from <= 1 : nextDown(to) <= from);
    if (!single) fullest = Math.max(fullest, count);
  });
  return { edges: [...edges], below, error: total === 0 ? 0 : fullest / total };
}

/** Values that are not above `x`, within `error` of all; of whole numbers, at whole numbers. */
export function rankOf({ edges, below }: QuantileSketch, x: number): number {
  const first = edges[0];
  if (first === undefined || x < first) return 0;
  let [low, high] = [0, edges.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((edges[middle] ?? 0) <= x) low = middle;
    else high = middle - 1;
  }
  const at = below[low] ?? 0;
  const from = edges[low] ?? 0;
  const to = edges[low + 1];
  return to === undefined ? at : at + ((below[low + 1] ?? at) - at) * fraction(from, to, x);
}

/** The value below or at which the share `q` of all lies; null of nothing. */
export function quantileOf({ edges, below }: QuantileSketch, q: number, whole: boolean): number | null {
  const total = below.at(-1) ?? 0;
  if (total === 0) return null;
  const wanted = q * total;
  const index = below.findIndex((count) => count >= wanted);
  const to = edges[index] ?? 0;
  if (index <= 0) return to;
  const [from, before, after] = [edges[index - 1] ?? to, below[index - 1] ?? 0, below[index] ?? 0];
  const share = after === before ? 1 : (wanted - before) / (after - before);
  const value = from * (1 - share) + to * share;
  return whole ? Math.ceil(value) : value;
}

/**
 * The sketch of all parts together. Straight lines add up to a straight line between neighbouring edges of any part, so the
 * error is the mean of the parts' errors, weighted by their values; leaving out edges adds what the new cells hold.
 */
export function foldSketches(parts: readonly QuantileSketch[]): QuantileSketch {
  const filled = parts.filter(({ below }) => (below.at(-1) ?? 0) > 0);
  const edges = new Set(filled.flatMap((part) => part.edges));
  const least = filled.reduce((lowest, part) => Math.min(lowest, part.edges[0] ?? lowest), Number.POSITIVE_INFINITY);
  // What lies at the least value of a part must not be spread over the way from an edge of another.
  for (const { edges: own } of filled) if (own[0] !== undefined && own[0] > least) edges.add(nextDown(own[0]));
  const sorted = [...edges].sort((left, right) => left - right);
  const below = sorted.map((edge) => filled.reduce((sum, part) => sum + rankOf(part, edge), 0));
  const total = below.at(-1) ?? 0;
  const error = filled.reduce((sum, part) => sum + part.error * (part.below.at(-1) ?? 0), 0) / Math.max(1, total);
  return leaveOut({ edges: sorted, below, error: Math.min(1, error) });
}

/** A sketch of whole numbers as one of any numbers: every edge that may stand for its value alone gets its other side. */
export function asNumbers({ edges, below, error }: QuantileSketch): QuantileSketch {
  const wide = edges.flatMap((edge, index) => {
    const before = edges[index - 1];
    const single = before !== undefined && edge - before <= 1 && nextDown(edge) > before;
    return single
      ? [[nextDown(edge), below[index - 1] ?? 0] as const, [edge, below[index] ?? 0] as const]
      : [[edge, below[index] ?? 0] as const];
  });
  return { edges: wide.map(([edge]) => edge), below: wide.map(([, count]) => count), error };
}

function leaveOut(sketch: QuantileSketch): QuantileSketch {
  const { edges, below, error } = sketch;
  if (edges.length <= mostEdges) return sketch;
  const total = below.at(-1) ?? 0;
  const most = total / cells;
  const kept = [0];
  let added = 0;
  for (let index = 1; index < edges.length; index += 1) {
    const last = kept.at(-1) ?? 0;
    const cell = (below[index + 1] ?? Number.POSITIVE_INFINITY) - (below[last] ?? 0);
    if (cell <= most) continue;
    if (index > last + 1) added = Math.max(added, (below[index] ?? 0) - (below[last] ?? 0));
    kept.push(index);
  }
  return {
    edges: kept.map((index) => edges[index] ?? 0),
    below: kept.map((index) => below[index] ?? 0),
    error: Math.min(1, error + added / total),
  };
}

/** All values of a sorted sample, or null when there are more than `limit`. */
function distinctUpTo(sorted: Float64Array, limit: number): Set<number> | null {
  const values = new Set<number>();
  for (const value of sorted) {
    values.add(value);
    if (values.size > limit) return null;
  }
  return values;
}

/** How far `x` is on the way, which may be longer than the greatest double. */
function fraction(from: number, to: number, x: number): number {
  const way = to - from;
  return Number.isFinite(way) ? (x - from) / way : (x / 2 - from / 2) / (to / 2 - from / 2);
}

const bits = new DataView(new ArrayBuffer(8));

/** The next double below. */
export function nextDown(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 ? -1n : 1n));
  return bits.getFloat64(0);
}
