import type { ColumnProfile, Profile } from '../contracts/profile.ts';
import { PulltrainError } from '../errors.ts';
import { type Random, seededRandom } from '../statistics/seeded-random.ts';
import { shuffle } from './draw-sample.ts';
import type { FeatureColumn, FeatureColumns } from './predictor.ts';

/**
 * Rows that stand in for the inputs that a coalition leaves out, made from the reference profile of a release: every column
 * has the profile's distribution (a value for each bin of numbers; categories and missing values by their shares), and columns are combined at random. No row of the data is among them, except by chance.
 * `type`: as ONNX Runtime names it. Throws `background-missing`.
 */
export function backgroundFromProfile(
  profile: Profile,
  inputs: readonly { name: string; type: string }[],
  { rows, seed }: { rows: number; seed: number },
): FeatureColumns {
  const random = seededRandom(seed);
  const known = new Map(profile.columns.map((column) => [column.name, column]));
  const missing = inputs.filter(({ name }) => !known.has(name));
  if (missing.length > 0) {
    throw new PulltrainError('background-missing', {
      what: 'the profile of the model does not tell how its inputs are distributed',
      seen: missing.map(({ name }) => name).join(', '),
      cure: 'Load the profile that was released with the model.',
    });
  }
  return Object.fromEntries(
    inputs.flatMap(({ name, type }) => {
      const column = known.get(name);
      return column === undefined ? [] : [[name, drawColumn(column, type, rows, random)]];
    }),
  );
}

type Weighted = { value: number | string | null; count: number };

function drawColumn(column: ColumnProfile, type: string, rows: number, random: Random): FeatureColumn {
  const values = column.type === 'numeric' ? valuesOfBins(column) : valuesOfCategories(column);
  const drawn = systematic([...values, { value: null, count: column.missing }], rows);
  const order = Uint32Array.from(drawn.keys());
  shuffle(order, random);
  const shuffled = Array.from(order, (at) => drawn[at] ?? null);
  if (type === 'string') return shuffled.map((value) => String(value ?? ''));
  const whole = !type.startsWith('float');
  return Float64Array.from(shuffled, (value) => {
    const number = asNumber(value);
    if (!whole) return number;
    return Number.isFinite(number) ? Math.round(number) : 0;
  });
}

/** Every value as often as its share says, within one: the middle of each of `rows` equal parts of the distribution. */
function systematic(values: readonly Weighted[], rows: number): (number | string | null)[] {
  const total = values.reduce((sum, { count }) => sum + count, 0);
  const drawn: (number | string | null)[] = [];
  let upto = 0;
  for (const { value, count } of values) {
    upto += count;
    while (drawn.length < rows && (drawn.length + 0.5) * total < upto * rows) drawn.push(value);
  }
  while (drawn.length < rows) drawn.push(null);
  return drawn;
}

type Bin = { value: number; count: number };

/**
 * One value for each bin: the middle of an inner one. The two outer ones have no end; theirs are the two values that give the
 * column its mean and standard deviation, where those are no further out than a tail would be, else the
 * longer tail alone makes up the mean.
 */
function valuesOfBins({ edges, counts, mean, std }: Extract<ColumnProfile, { type: 'numeric' }>): Weighted[] {
  const [first, last] = [edges[0], edges.at(-1)];
  if (first === undefined || last === undefined) return [{ value: mean, count: counts[0] ?? 0 }];
  const inner = edges
    .slice(1)
    .map((edge, at) => ({ value: (edge + (edges[at] ?? edge)) / 2, count: counts[at + 1] ?? 0 }));
  const [low = 0, high = 0] = [counts[0], counts.at(-1)];
  const rest = restOf(inner, { low, high, mean, std });
  const widths = { low: (edges[1] ?? Number.NaN) - first, high: last - (edges.at(-2) ?? Number.NaN) };
  const { below, above } = outerValues({ first, last, low, high, widths, rest });
  return [{ value: below, count: low }, ...inner, { value: above, count: high }];
}

type Rest = { mean: number; variance: number } | null;

/** Mean and variance of the rows in the outer bins: what the inner bins leave of the column's. */
function restOf(
  inner: readonly Bin[],
  { low, high, mean, std }: { low: number; high: number; mean: number | null; std: number | null },
): Rest {
  const outer = low + high;
  if (mean === null || std === null || low === 0 || high === 0) return null;
  const rows = outer + inner.reduce((sum, { count }) => sum + count, 0);
  const sum = -inner.reduce((all, { value, count }) => all + count * (value - mean), 0);
  const squares = (rows - 1) * std ** 2 - inner.reduce((all, { value, count }) => all + count * (value - mean) ** 2, 0);
  return { mean: mean + sum / outer, variance: Math.max(0, squares / outer - (sum / outer) ** 2) };
}

type Outer = {
  first: number;
  last: number;
  low: number;
  high: number;
  /** Of the inner bins beside them; NaN where there is none. */
  widths: { low: number; high: number };
  rest: Rest;
};

/** Widths of its neighbour that the mean of a tail may lie beyond the last edge: 1.2 in a normal column, 2.1 in a log-normal one. */
const longestTail = 3;

function outerValues({ first, last, low, high, widths, rest }: Outer): { below: number; above: number } {
  const step = Number.isNaN(widths.low) ? { low: 1, high: 1 } : widths;
  const plain = { below: first - step.low / 2, above: last + step.high / 2 };
  if (rest === null) return plain;
  const spread = Math.sqrt(rest.variance);
  const below = rest.mean - spread * Math.sqrt(high / low);
  const above = rest.mean + spread * Math.sqrt(low / high);
  const reach = (width: number) => (Number.isNaN(width) ? Number.POSITIVE_INFINITY : longestTail * width);
  const isTail = (distance: number, width: number) => distance >= 0 && distance <= reach(width);
  if (isTail(first - below, widths.low) && isTail(above - last, widths.high)) return { below, above };
  const sum = rest.mean * (low + high);
  if (step.high >= step.low) {
    return { below: plain.below, above: Math.max(plain.above, (sum - low * plain.below) / high) };
  }
  return { below: Math.min(plain.below, (sum - high * plain.above) / low), above: plain.above };
}

/** Categories that are not listed are spread over those that are. */
function valuesOfCategories({ counts }: Extract<ColumnProfile, { type: 'categorical' }>): Weighted[] {
  return Object.entries(counts).map(([value, count]) => ({ value, count }));
}

function asNumber(value: number | string | null): number {
  if (value === null || value === '') return Number.NaN;
  if (value === 'true') return 1;
  if (value === 'false') return 0;
  return Number(value);
}
