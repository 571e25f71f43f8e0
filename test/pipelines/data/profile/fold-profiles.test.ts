import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTables } from '../../../../adapters/duckdb/open-tables.ts';
import {
  type DataColumn,
  type DataProfile,
  dataProfileSchema,
  type NumericColumn,
} from '../../../../pipelines/contracts/data-profile.ts';
import { openTable } from '../../../../pipelines/data/open-table.ts';
import { correlations } from '../../../../pipelines/data/profile/co-moments.ts';
import { foldProfiles } from '../../../../pipelines/data/profile/fold-profiles.ts';
import { distinctError, estimateDistinct } from '../../../../pipelines/data/profile/hyper-log-log.ts';
import { profileTable } from '../../../../pipelines/data/profile/profile-table.ts';
import { rankOf } from '../../../../pipelines/data/profile/quantile-sketch.ts';
import { repeatedRows, within } from '../../../../pipelines/data/profile/row-sketch.ts';
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

let files = 0;
async function profileOf(sql: string, name = 'part'): Promise<DataProfile> {
  files += 1;
  const file = join(directory, `${name}-${files}.parquet`);
  await tables.query(`COPY (${sql}) TO '${file}' (FORMAT parquet)`);
  const table = await openTable(file, {}, { tables, scratch: join(directory, 'scratch') });
  return dataProfileSchema.parse(await profileTable({ table, name, label: undefined }, tables));
}

function numeric(profile: DataProfile, name: string): NumericColumn {
  const column = profile.columns.find((one): one is NumericColumn => one.name === name && 'quantiles' in one);
  if (column === undefined) throw new Error(`no numeric column ${name}`);
  return column;
}

/** The largest value without its sign: what rounding of a mean is measured by. */
function spread(values: readonly (number | null)[]): number {
  return Math.max(0, ...values.map((value) => Math.abs(value ?? 0)));
}

/** What must be the same in the fold and in the whole, digit by digit. */
function exactParts(column: DataColumn) {
  const { name, missing, distinct } = column;
  if ('top' in column) {
    const { empty, padded, shortest, longest, characters, top } = column;
    return { name, missing, distinct, empty, padded, shortest, longest, characters, top };
  }
  const { infinite, min, max } = column;
  return { name, missing, distinct, infinite, min, max };
}

const doubles = fc.oneof(
  fc.double({ noNaN: false }),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.integer({ min: -3, max: 3 }),
  fc.constant(null),
);
const rows = fc.array(
  fc.record({
    x: doubles,
    i: fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.constant(null)),
    t: fc.oneof(fc.constantFrom('a', 'b', ' c', ''), fc.string({ maxLength: 5 }), fc.constant(null)),
    b: fc.oneof(fc.boolean(), fc.constant(null)),
  }),
  { minLength: 1, maxLength: 60 },
);
type Example = { x: number | null; i: number | null; t: string | null; b: boolean | null };

function literal(value: number | string | boolean | null, type: string): string {
  if (value === null) return `NULL::${type}`;
  return `'${String(value).replaceAll("'", "''").replaceAll('\u0000', '')}'::${type}`;
}

function sqlOf(examples: readonly Example[]): string {
  const values = examples.map(
    ({ x, i, t, b }) =>
      `(${literal(x, 'DOUBLE')}, ${literal(i, 'BIGINT')}, ${literal(t, 'VARCHAR')}, ${literal(b, 'BOOLEAN')})`,
  );
  return `SELECT * FROM (VALUES ${values.join(', ')}) AS t(x, i, t, b)`;
}

describe('the fold of profiles of parts', () => {
  it('is the profile of the whole, within the error it states', async () => {
    await fc.assert(
      fc.asyncProperty(rows, rows, rows, async (one, two, three) => {
        const parts = [await profileOf(sqlOf(one)), await profileOf(sqlOf(two)), await profileOf(sqlOf(three))];
        const all = [...one, ...two, ...three];
        const whole = await profileOf(sqlOf(all));
        const fold = dataProfileSchema.parse(foldProfiles(parts));
        expect(fold.rows).toBe(all.length);
        expect(fold.columns.map(exactParts)).toEqual(whole.columns.map(exactParts));
        expect(fold.duplicates).toEqual(whole.duplicates);
        for (const name of ['x', 'i'] as const) {
          const { quantiles, moments } = numeric(fold, name);
          const values = all.map((row) => row[name]).filter((value) => value !== null && Number.isFinite(value));
          const expected = numeric(whole, name).moments;
          if (moments !== null && expected !== null && moments.n > 0) {
            expect(moments.n).toBe(values.length);
            expect(Math.abs(moments.mean - expected.mean)).toBeLessThanOrEqual(1e-6 * Math.max(1, spread(values)));
          }
          if (quantiles === null) continue;
          for (const x of values) {
            const rank = values.filter((value) => value !== null && x !== null && value <= x).length;
            expect(Math.abs(rankOf(quantiles, x ?? 0) - rank)).toBeLessThanOrEqual(
              quantiles.error * values.length + 1e-6,
            );
          }
        }
      }),
      { numRuns: 8, endOnFailure: true },
    );
  }, 20_000);

  it('does not depend on the order of the parts', async () => {
    const parts = [
      await profileOf(`SELECT range AS x, 'a' AS t FROM range(500)`),
      await profileOf(`SELECT range * 1.5 AS x, 'b' AS t FROM range(700)`),
      await profileOf(`SELECT -range AS x, NULL::VARCHAR AS t FROM range(10)`),
    ];
    const there = foldProfiles(parts);
    const back = foldProfiles([...parts].reverse());
    expect(back.columns.map(exactParts)).toEqual(there.columns.map(exactParts));
    expect(numeric(back, 'x').quantiles).toEqual(numeric(there, 'x').quantiles);
  });

  it('keeps its promises on more rows than are looked at one by one', async () => {
    const source = `SELECT random() * random() AS x, (random() * 50)::INTEGER AS i, hash(range) % 90000 AS k,
 CASE WHEN random() < 0.3 THEN 0.0 ELSE random() END AS z FROM range(150000)`;
    await tables.query('SELECT setseed(0.25)');
    await tables.query(`CREATE OR REPLACE TEMP TABLE whole AS SELECT *, x + z AS sum FROM (${source})`);
    const parts: DataProfile[] = [];
    for (const part of [0, 1, 2]) parts.push(await profileOf(`SELECT * FROM whole WHERE k % 3 = ${part}`));
    const whole = await profileOf('SELECT * FROM whole');
    const fold = foldProfiles(parts);
    for (const profile of [fold, whole]) {
      for (const name of ['x', 'i', 'z']) {
        const { quantiles } = numeric(profile, name);
        if (quantiles === null) throw new Error('no quantiles');
        expect(quantiles.error).toBeLessThan(0.012);
        for (const x of [0, 0.001, 0.1, 0.25, 0.5, 0.9, 7, 25]) {
          const [row] = await tables.query(`SELECT count(*) AS n FROM whole WHERE ${name} <= ${x}`);
          const gap = Math.abs(rankOf(quantiles, name === 'i' ? Math.floor(x) : x) - Number(row?.n));
          expect(gap).toBeLessThanOrEqual(quantiles.error * 150_000 + 1e-6);
        }
      }
      const [truth] = await tables.query('SELECT count(DISTINCT k) AS k, corr(x, sum) AS r FROM whole');
      const distinct = estimateDistinct(numeric(profile, 'k').distinct?.registers ?? '');
      expect(Math.abs(distinct / Number(truth?.k) - 1)).toBeLessThan(4 * distinctError);
      const found = correlations(profile.correlations).find(({ columns }) => columns.join() === 'x,sum');
      expect(found?.r).toBeCloseTo(Number(truth?.r), 2);
    }
    expect(numeric(fold, 'k').distinct).toEqual(numeric(whole, 'k').distinct);
    expect(within(fold.duplicates?.rows ?? [], whole.duplicates?.halvings ?? 0)).toEqual(whole.duplicates?.rows);
  });

  it('knows of rows that are equal across parts', async () => {
    const part = (from: number) => profileOf(`SELECT range AS a, range % 7 AS b FROM range(${from}, ${from + 40000})`);
    const fold = foldProfiles([await part(0), await part(30000)]);
    const { count, error } = repeatedRows(fold.duplicates ?? { halvings: 0, rows: [], repeatsAtLeast: 0, exact: true });
    expect(error).toBeGreaterThan(0);
    expect(Math.abs(count - 10_000)).toBeLessThanOrEqual(error);
  });

  it('takes whole numbers and others of one column together', async () => {
    const fold = foldProfiles([
      await profileOf('SELECT range AS x FROM range(10)'),
      await profileOf('SELECT range + 0.5 AS x FROM range(10)'),
    ]);
    const { kind, quantiles, type } = numeric(fold, 'x');
    expect(kind).toBe('number');
    expect(type).toMatch(/^BIGINT \| DECIMAL/);
    if (quantiles === null) throw new Error('no quantiles');
    expect([4, 4.4, 4.5, 9].map((x) => rankOf(quantiles, x))).toEqual([9, 9, 10, 19]);
  });

  it('refuses profiles of other tables, and says every reason', async () => {
    const one = await profileOf('SELECT 1 AS a, 2 AS b', 'one');
    const other = await profileOf(`SELECT 'x' AS a, 3 AS c`, 'other');
    expect(() => foldProfiles([one, { ...other, hash: 'else' }])).toThrow(
      /other was made by another engine; other has no b; other has c besides; a of other is of another kind/,
    );
    expect(() => foldProfiles([])).toThrow(/no profile/);
  });
});
