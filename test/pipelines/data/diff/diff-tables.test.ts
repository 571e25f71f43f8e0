import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTables } from '../../../../adapters/duckdb/open-tables.ts';
import { dataDiffSchema } from '../../../../pipelines/contracts/data-diff.ts';
import { categoryDistance, numberDistance } from '../../../../pipelines/data/diff/column-distance.ts';
import { diffTables } from '../../../../pipelines/data/diff/diff-tables.ts';
import { openTable } from '../../../../pipelines/data/open-table.ts';
import type { Tables } from '../../../../pipelines/ports/tables.ts';

let directory: string;
let tables: Tables;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pulltrain-test-'));
  tables = await openTables({ threads: 2 });
});
afterAll(async () => {
  tables.close();
  await rm(directory, { recursive: true, force: true });
});

async function side(path: string, sql: string) {
  const file = join(directory, `${path}.parquet`);
  await tables.query(`COPY (${sql}) TO '${file}' (FORMAT parquet)`);
  return { path, table: await openTable(file, {}, { tables, scratch: join(directory, 'scratch') }) };
}

async function diff(base: string, head: string, label?: string) {
  return dataDiffSchema.parse(await diffTables(await side('base', base), await side('head', head), { label }, tables));
}

describe('the difference of two tables', () => {
  it('is nothing for one table, in whatever order of rows and columns', async () => {
    const found = await diff(
      `SELECT range AS a, 'x' || range AS b FROM range(500)`,
      `SELECT 'x' || range AS b, range AS a FROM range(500) ORDER BY range DESC`,
      'b',
    );
    const none = { count: 0, error: 0 };
    expect(found.rows).toEqual({ added: none, removed: none, columns: 2 });
    expect(found.columns).toEqual({ added: [], removed: [], retyped: [] });
    expect(found.shifts.map(({ distance }) => distance)).toEqual([0, 0]);
  });

  it('tells rows, columns, shifts and the balance of the label', async () => {
    const found = await diff(
      `SELECT range AS a, range % 2 AS late, 1 AS gone, 'u' AS t FROM range(1000)`,
      `SELECT range + 100 AS a, (range % 4 = 0)::BIGINT AS late, 2.5 AS new, CASE WHEN range < 250 THEN 'v' ELSE 'u' END AS t FROM range(1000)`,
      'late',
    );
    expect(found.columns.added).toEqual([{ name: 'new', type: 'DECIMAL(2,1)' }]);
    expect(found.columns.removed).toEqual([{ name: 'gone', type: 'INTEGER' }]);
    const shift = Object.fromEntries(found.shifts.map(({ name, distance }) => [name, distance]));
    expect(shift.a).toBeCloseTo(0.1, 10);
    expect(shift.late).toBeCloseTo(0.25, 10);
    expect(shift.t).toBeCloseTo(0.25, 10);
    expect(found.shifts.find(({ name }) => name === 'a')?.middle).toEqual([499, 599]);
    expect(found.label).toEqual({
      column: 'late',
      values: [
        { value: '0', base: 500, head: 750 },
        { value: '1', base: 500, head: 250 },
      ],
    });
  });

  it('counts equal rows, and knows missing values', async () => {
    const found = await diff(
      `SELECT 1 AS a FROM range(3) UNION ALL SELECT NULL FROM range(1)`,
      `SELECT 1 AS a FROM range(1) UNION ALL SELECT NULL FROM range(3)`,
    );
    expect(found.rows).toMatchObject({ added: { count: 2 }, removed: { count: 2 } });
    expect(found.shifts[0]?.missing).toEqual([0.25, 0.75]);
  });

  it('tells what has another type, and compares what it can', async () => {
    const found = await diff(`SELECT 1 AS a, 2 AS b`, `SELECT 'x' AS a, 2.0 AS b`);
    expect(found.columns.retyped.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(found.shifts.map(({ name }) => name)).toEqual(['b']);
  });

  it('estimates the rows of large tables within the error it states', async () => {
    const found = await diff('SELECT range AS a FROM range(700000)', 'SELECT range AS a FROM range(20000, 750000)');
    for (const [name, truth] of [
      ['added', 50_000],
      ['removed', 20_000],
    ] as const) {
      const { count = Number.NaN, error = 0 } = found.rows?.[name] ?? {};
      expect(error).toBeGreaterThan(0);
      expect(Math.abs(count - truth)).toBeLessThanOrEqual(error);
    }
    expect(found.sampled.every((rows) => rows < 200_000)).toBe(true);
    expect(found.shifts[0]?.distance ?? 0).toBeGreaterThan(found.shifts[0]?.noise ?? 1);
  });

  it('stands tables of no rows and of no common column', async () => {
    expect((await diff('SELECT 1 AS a WHERE false', 'SELECT 1 AS a')).rows?.added.count).toBe(1);
    const found = await diff('SELECT 1 AS a', 'SELECT 1 AS b', 'a');
    expect([found.rows, found.label, found.shifts]).toEqual([null, null, []]);
  });
});

describe('distances', () => {
  const sorted = fc
    .array(fc.integer({ min: -20, max: 20 }), { minLength: 1 })
    .map((values) => Float64Array.from(values).sort());

  it('of numbers are the greatest gap of the shares below any value', () => {
    fc.assert(
      fc.property(sorted, sorted, (left, right) => {
        const below = (values: Float64Array, x: number) => values.filter((value) => value <= x).length / values.length;
        const gaps = [...left, ...right].map((x) => Math.abs(below(left, x) - below(right, x)));
        expect(numberDistance(left, right)).toBeCloseTo(Math.max(...gaps), 12);
        expect(numberDistance(right, left)).toBe(numberDistance(left, right));
      }),
    );
  });

  it('of categories are shares of rows', () => {
    const counts = (entries: Record<string, number>) => new Map(Object.entries(entries));
    expect(categoryDistance(counts({ a: 1, b: 1 }), counts({ a: 2, b: 2 }))).toBe(0);
    expect(categoryDistance(counts({ a: 1 }), counts({ b: 5 }))).toBe(1);
    expect(categoryDistance(counts({ a: 3, b: 1 }), counts({ a: 1, b: 3 }))).toBe(0.5);
    expect(categoryDistance(counts({}), counts({ a: 1 }))).toBe(0);
  });
});
