import type { PerturbationKind } from '../contracts/robustness.ts';
import type { InputRange, ObservedInputs } from '../evaluation/observe-inputs.ts';
import type { ModelTensor } from '../ports/scorer.ts';
import type { StreamedColumn } from '../ports/tables.ts';
import type { Random } from '../statistics/seeded-random.ts';

/** Standard deviation of the noise, as a share of that of the column. */
export const noiseShare = 0.1;

/** One input done otherwise in every row. */
export type Planned = {
  column: string;
  kind: PerturbationKind;
  /** What stands there now, in words. */
  value: string;
  values: StreamedColumn;
  /** What stands in one row. */
  at(row: number): string;
};

export type Skipped = { column: string; kind: PerturbationKind; why: string };

/** Values that nobody means, one row after the other; of every type the ends of what it can hold. */
const garbage: Readonly<Record<string, readonly (number | bigint)[]>> = {
  float32: [-1e30, 1e30],
  float64: [-1e300, 1e300],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
};
const garbageTexts = [' ', 'NaN', '\u202e\u{1f642}', 'x'.repeat(10_000)];

/**
 * What can be done to the inputs of a model: values missing, beyond all that the rows have, a little off, and nonsense of
 * the right type. What a type cannot hold is skipped, with the reason.
 */
export function planPerturbations(
  inputs: readonly ModelTensor[],
  { columns, ranges }: ObservedInputs,
  random: Random,
): { planned: Planned[]; skipped: Skipped[] } {
  const planned: Planned[] = [];
  const skipped: Skipped[] = [];
  for (const { name, type } of inputs) {
    const now = columns[name];
    if (now === undefined) continue;
    if (!(now instanceof Float64Array)) planned.push(...textPlans(name, now));
    else if (type === 'bool') {
      for (const kind of ['missing', 'out_of_range'] as const) {
        skipped.push({ column: name, kind, why: 'a bool is 0 or 1' });
      }
    } else {
      const range = ranges[name];
      const isFloat = type.startsWith('float');
      if (isFloat) planned.push(constantly(name, 'missing', 'missing', new Float64Array(now.length).fill(Number.NaN)));
      else skipped.push({ column: name, kind: 'missing', why: `${type} knows no missing value` });
      if (range !== undefined && range.low <= range.high) {
        planned.push(outOfRange(name, now.length, range, limitsOf(type)));
        planned.push(noisy(name, now, range, { whole: !isFloat, ...limitsOf(type) }, random));
      } else skipped.push({ column: name, kind: 'out_of_range', why: 'no row has a value' });
      planned.push(nonsense(name, now.length, garbage[type] ?? []));
    }
  }
  return { planned, skipped };
}

function textPlans(column: string, now: readonly string[]): Planned[] {
  const known = new Set(now);
  let unseen = 'never seen';
  while (known.has(unseen)) unseen += '!';
  const all = (text: string) => now.map(() => text);
  return [
    constantly(column, 'missing', 'an empty text', all('')),
    constantly(column, 'unseen', tell(unseen), all(unseen)),
    {
      column,
      kind: 'garbage',
      value: inTurn(garbageTexts.map(tell)),
      values: now.map((_, row) => turn(garbageTexts, row)),
      at: (row) => tell(turn(garbageTexts, row)),
    },
  ];
}

function constantly(column: string, kind: PerturbationKind, value: string, values: StreamedColumn): Planned {
  return { column, kind, value, values, at: () => value };
}

type Limits = { least: number; most: number };

function outOfRange(column: string, rows: number, { low, high }: InputRange, { least, most }: Limits): Planned {
  const away = high > low ? high - low : Math.max(1, Math.abs(high));
  const ends = [Math.max(least, low - away), Math.min(most, high + away)];
  const values = Float64Array.from({ length: rows }, (_, row) => turn(ends, row));
  const value = `${inTurn(ends.map(String))}, where the rows have ${low} to ${high}`;
  return { column, kind: 'out_of_range', value, values, at: (row) => String(turn(ends, row)) };
}

function noisy(
  column: string,
  now: Float64Array,
  { low, high, deviation }: InputRange,
  { whole, least, most }: Limits & { whole: boolean },
  random: Random,
): Planned {
  // A whole number moves by at least one, or not at all.
  const width = deviation * noiseShare;
  const scale = whole ? Math.max(1, width) : width;
  const values = now.map((value) => {
    const moved = value + scale * normal(random);
    return high > low ? Math.min(most, Math.max(least, whole ? Math.round(moved) : moved)) : value;
  });
  const value = `noise with a standard deviation of ${scale.toPrecision(3)}`;
  return { column, kind: 'noise', value, values, at: (row) => String(values[row]) };
}

function nonsense(column: string, rows: number, ends: readonly (number | bigint)[]): Planned {
  const values = ends.some((end) => typeof end === 'bigint')
    ? BigInt64Array.from({ length: rows }, (_, row) => BigInt(turn(ends, row)))
    : Float64Array.from({ length: rows }, (_, row) => Number(turn(ends, row)));
  return {
    column,
    kind: 'garbage',
    value: inTurn(ends.map(String)),
    values,
    at: (row) => String(turn(ends, row)),
  };
}

function limitsOf(type: string): Limits {
  if (type === 'int32') return { least: -(2 ** 31), most: 2 ** 31 - 1 };
  // The largest double below 2^63.
  if (type === 'int64') return { least: -(2 ** 63), most: 2 ** 63 - 1024 };
  const most = type === 'float32' ? 3.4028234663852886e38 : Number.MAX_VALUE;
  return { least: -most, most };
}

/** Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function turn<Value>(values: readonly Value[], row: number): Value {
  const value = values[row % values.length];
  if (value === undefined) throw new RangeError('no values to take turns');
  return value;
}

function inTurn(values: readonly string[]): string {
  return `${values.slice(0, -1).join(', ')} and ${values.at(-1)} in turn`;
}

/** As a JSON text of plain characters, so that nothing a reader sees is changed by it. */
function tell(text: string): string {
  const plain = (part: string) =>
    JSON.stringify(part).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return text.length > 40 ? `${plain(text.slice(0, 8))} and so on, ${text.length} characters` : plain(text);
}
