import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTables } from '../../../adapters/duckdb/open-tables.ts';
import { findSeenRows } from '../../../pipelines/evaluation/find-seen-rows.ts';
import { holdoutTable } from '../../../pipelines/evaluation/load-holdout.ts';
import { temporaryDirectory } from '../../fixtures/git-repository.ts';

type Tables = Awaited<ReturnType<typeof openTables>>;
let tables: Tables;
const folder = temporaryDirectory();
beforeAll(async () => {
  tables = await openTables({ threads: 1 });
});
afterAll(() => {
  tables.close();
  folder[Symbol.dispose]();
});

/** Looks for the rows of one query in those of another. */
async function look(train: string, holdout: string, { limit = 0.01, format = 'parquet', time = 'at' } = {}) {
  const file = join(folder.path, `train.${format}`);
  await tables.query(`COPY (${train}) TO '${file}' (FORMAT ${format})`);
  await tables.query(`CREATE OR REPLACE TEMP TABLE ${holdoutTable} AS SELECT 0 AS "~row", * FROM (${holdout})`);
  const described = await tables.query(`DESCRIBE SELECT * FROM (${holdout})`);
  const [row] = await tables.query(`SELECT count(*) AS rows FROM ${holdoutTable}`);
  const columns = new Map(described.map((one) => [String(one.column_name), String(one.column_type)]));
  return findSeenRows({ file, columns, rows: Number(row?.rows), time, limit }, tables);
}
const unique = (from: number, to: number) =>
  `SELECT i / 7.0 AS x, 'name ' || i AS name, CAST(i % 2 AS INTEGER) AS late FROM range(${from}, ${to}) r(i)`;
/** Rows of four columns with few values: whoever draws enough of them meets every one again. */
const common = (seed: number, rows: number, values = 40) =>
  `SELECT hash(i + ${seed}e6) % ${values} AS a, hash(i + ${seed}e6 + 5e8) % ${values} AS b, hash(i + ${seed}e6 + 9e8) % 2 AS late FROM range(${rows}) r(i)`;

describe('rows of the holdout in the training data', () => {
  test('are none where no row is the same', async () => {
    expect(await look(unique(1000, 3000), unique(0, 1000))).toEqual({
      columns: 3,
      rows: 0,
      of: 1000,
      expected: expect.closeTo(0.006, 3),
      limit: 0.01,
      status: 'pass',
    });
  });

  test('are counted, and too many are a leak', async () => {
    expect(await look(unique(995, 3000), unique(0, 1000))).toMatchObject({ rows: 5, status: 'pass' });
    expect(await look(unique(500, 3000), unique(0, 1000))).toMatchObject({ rows: 500, status: 'leak' });
    expect(await look(unique(500, 3000), unique(0, 1000), { limit: 1 })).toMatchObject({ rows: 500, status: 'pass' });
  });

  test('are found whatever else the training data has, in a column of another type and out of a CSV', async () => {
    const train = `SELECT *, 'more' AS more FROM (${unique(900, 3000)})`;
    expect(await look(train, unique(0, 1000), { format: 'csv' })).toMatchObject({ columns: 3, rows: 100 });
    const wider = `SELECT x, name, CAST(late AS BIGINT) AS late FROM (${unique(900, 3000)})`;
    expect(await look(wider, unique(0, 1000))).toMatchObject({ columns: 3, rows: 100 });
  });

  test('that repeat within the holdout are explained by chance, and told all the same', async () => {
    const found = await look(common(1, 20_000), common(2, 4000));
    expect(found).toMatchObject({ status: 'warning' });
    expect((found?.rows ?? 0) / 4000).toBeGreaterThan(0.9);
    expect(found?.expected).toBeGreaterThan((found?.rows ?? 0) / 4000 - 0.01);
  });

  test.each([1, 2, 3, 4, 5, 6])('of data drawn alike are never called a leak (draw %i)', async (seed) => {
    const found = await look(common(seed, 9000, 150), common(seed + 100, 3000, 150), { limit: 0.005 });
    expect(found?.status).not.toBe('leak');
  });

  test('that were copied are a leak even where rows repeat by nature', async () => {
    const holdout = common(2, 3000, 200);
    const found = await look(`${common(1, 3000, 200)} UNION ALL SELECT * FROM (${holdout})`, holdout);
    expect(found).toMatchObject({ rows: 3000, of: 3000, status: 'leak' });
    expect(found?.expected).toBeLessThan(0.2);
  });

  test('are told of many rows by a part of them', async () => {
    const found = await look(unique(100_000, 400_000), unique(0, 200_000));
    expect(found?.of).toBeGreaterThan(45_000);
    expect(found?.of).toBeLessThan(55_000);
    expect((found?.rows ?? 0) / (found?.of ?? 1)).toBeCloseTo(0.5, 1);
  });

  test('count missing values as equal and text as it is, whatever it holds', async () => {
    const odd = `SELECT * FROM (VALUES (NULL, 'a|b'), (1.5, '@everyone'), ('NaN'::DOUBLE, NULL), (2, '')) t(x, "na me""|")`;
    expect(await look(odd, odd)).toMatchObject({ columns: 2, rows: 4, of: 4 });
  });

  test('cannot be told of tables without a common column', async () => {
    expect(await look('SELECT 1 AS other', unique(0, 10))).toBeNull();
  });

  test('are told by their time where both tables have it', async () => {
    expect(await look(unique(0, 10), unique(0, 10), { time: 'x' })).toBeNull();
  });

  test('are none in a training table without rows', async () => {
    expect(await look(`${unique(0, 10)} LIMIT 0`, unique(0, 10))).toMatchObject({
      rows: 0,
      expected: 0,
      status: 'pass',
    });
  });
});
