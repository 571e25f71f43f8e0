import { describe, expect, test } from 'vitest';
import type { ColumnProfile, Profile } from '../../../pipelines/contracts/profile.ts';
import { backgroundFromProfile } from '../../../pipelines/explanation/background-from-profile.ts';

function profileOf(...columns: ColumnProfile[]): Profile {
  const score = { type: 'numeric' as const, name: 'score', missing: 0, mean: 0, std: 1, edges: [], counts: [1] };
  return {
    kind: 'profile',
    version: 1,
    model: 'm',
    rows: 1000,
    from: null,
    to: null,
    columns,
    score,
    labelMean: null,
    quality: null,
    thresholds: {},
    chunks: 0,
  };
}

/** The profile of a column with these values, each so often. */
function numbers(name: string, values: readonly (readonly [value: number, count: number])[]): ColumnProfile {
  const rows = values.reduce((sum, [, count]) => sum + count, 0);
  const mean = values.reduce((sum, [value, count]) => sum + value * count, 0) / rows;
  const squares = values.reduce((sum, [value, count]) => sum + count * (value - mean) ** 2, 0);
  return {
    type: 'numeric',
    name,
    missing: 0,
    mean,
    std: Math.sqrt(squares / (rows - 1)),
    edges: values.slice(1).map(([value], at) => (value + (values[at]?.[0] ?? 0)) / 2),
    counts: values.map(([, count]) => count),
  };
}

const options = { rows: 100, seed: 1 };
const sorted = (column: Float64Array | readonly string[] | undefined) =>
  [...(column ?? [])].toSorted((left, right) => (left < right ? -1 : 1));

describe('backgroundFromProfile', () => {
  test('finds the very values of a column with few of them, each as often as it was', () => {
    const flag = numbers('flag', [
      [0, 700],
      [1, 300],
    ]);
    const month = numbers(
      'month',
      [1, 2, 3, 4, 5].map((value) => [value, 200] as const),
    );
    const background = backgroundFromProfile(
      profileOf(flag, month),
      [
        { name: 'flag', type: 'float32' },
        { name: 'month', type: 'int64' },
      ],
      options,
    );
    const flags = sorted(background.flag).map(Number);
    expect(flags[69]).toBeCloseTo(0, 12);
    expect(flags[70]).toBeCloseTo(1, 12);
    expect(sorted(background.month)).toEqual([1, 2, 3, 4, 5].flatMap((value) => Array(20).fill(value)));
  });

  test('keeps the mean of a skewed column, and stays where its values are', () => {
    // Quantiles of an exponential column, in twenty bins of which only the edges are known.
    const edges = Array.from({ length: 19 }, (_, at) => -Math.log(1 - (at + 1) / 20));
    const column: ColumnProfile = {
      type: 'numeric',
      name: 'x',
      missing: 0,
      mean: 1,
      std: 1,
      edges,
      counts: Array(20).fill(50),
    };
    const { x = [] } = backgroundFromProfile(profileOf(column), [{ name: 'x', type: 'float64' }], options);
    const values = sorted(x).map(Number);
    expect(values.reduce((sum, value) => sum + value, 0) / 100).toBeCloseTo(1, 8);
    expect(values[0]).toBeGreaterThan(0);
    // The mean of the last twentieth is ln 20 + 1.
    expect(values[99]).toBeCloseTo(Math.log(20) + 1, 0);
  });

  test('draws categories and missing values by their shares, and truth values as numbers', () => {
    const word: ColumnProfile = {
      type: 'categorical',
      name: 'word',
      missing: 200,
      counts: { a: 600, '"quoted"': 200 },
      other: 0,
    };
    const open: ColumnProfile = {
      type: 'categorical',
      name: 'open',
      missing: 0,
      counts: { true: 250, false: 750 },
      other: 0,
    };
    const background = backgroundFromProfile(
      profileOf(word, open),
      [
        { name: 'word', type: 'string' },
        { name: 'open', type: 'bool' },
      ],
      options,
    );
    const count = (name: string, value: string | number) =>
      Array.from<unknown>(background[name] ?? []).filter((one) => one === value).length;
    expect([count('word', 'a'), count('word', '"quoted"'), count('word', '')]).toEqual([60, 20, 20]);
    expect([count('open', 1), count('open', 0)]).toEqual([25, 75]);
  });

  test('gives missing numbers as NaN to floats only', () => {
    const gappy: ColumnProfile = {
      ...numbers('x', [
        [1, 500],
        [3, 500],
      ]),
      missing: 1000,
    };
    const inputs = (type: string) => [{ name: 'x', type }];
    const asFloat = backgroundFromProfile(profileOf(gappy), inputs('float32'), options).x ?? [];
    expect(Array.from<unknown>(asFloat).filter(Number.isNaN)).toHaveLength(50);
    const asInteger = backgroundFromProfile(profileOf(gappy), inputs('int32'), options).x ?? [];
    expect(Array.from<unknown>(asInteger).every(Number.isInteger)).toBe(true);
  });

  test('combines columns at random, the same way for the same seed', () => {
    const columns = [
      numbers('a', [
        [0, 500],
        [1, 500],
      ]),
      numbers('b', [
        [0, 500],
        [1, 500],
      ]),
    ];
    const inputs = columns.map(({ name }) => ({ name, type: 'float64' }));
    const one = backgroundFromProfile(profileOf(...columns), inputs, options);
    expect(one).toEqual(backgroundFromProfile(profileOf(...columns), inputs, options));
    const both = [...(one.a ?? [])].filter((value, at) => Number(value) > 0.5 && Number(one.b?.[at]) > 0.5).length;
    expect(both).toBeGreaterThan(12);
    expect(both).toBeLessThan(38);
  });

  test('says which inputs the profile does not know', () => {
    const inputs = [{ name: 'other', type: 'float32' }];
    expect(() => backgroundFromProfile(profileOf(), inputs, options)).toThrow(/distributed.*other/);
  });
});
