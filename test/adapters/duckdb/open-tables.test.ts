import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTables } from '../../../adapters/duckdb/open-tables.ts';
import type { Tables } from '../../../pipelines/ports/tables.ts';

let tables: Tables;
beforeAll(async () => {
  tables = await openTables({ threads: 2 });
});
afterAll(() => tables.close());

describe('the table engine', () => {
  test('gives numbers for every numeric type, text for the rest, null for nothing', async () => {
    const rows = await tables.query(
      "SELECT 1::BIGINT AS big, 1.5::DECIMAL(4,1) AS exact, true AS yes, DATE '2001-04-01' AS day, NULL AS none WHERE 1 = $1",
      [1],
    );
    expect(rows).toEqual([{ big: 1, exact: 1.5, yes: true, day: '2001-04-01', none: null }]);
  });

  test('reads columns in the order of the query, NULL as NaN', async () => {
    const { a, b } = await tables.columns(
      'SELECT i AS a, CASE WHEN i % 2 = 0 THEN NULL ELSE i::DECIMAL(9,2) / 4 END AS b FROM range(10000) r(i) ORDER BY i DESC',
      ['a', 'b'],
    );
    expect(a).toHaveLength(10_000);
    expect(a?.[0]).toBe(9999);
    expect(a?.[9999]).toBe(0);
    expect(b?.[0]).toBe(2499.75);
    expect(b?.[1]).toBeNaN();
  });

  test('loads columns of any length and gives the same back', async () => {
    for (const rows of [0, 1, 2047, 2048, 2049, 5000]) {
      const score = Float64Array.from({ length: rows }, (_, row) =>
        row % 7 === 3 ? Number.NaN : Math.sin(row) * 1e-3,
      );
      await tables.load('loaded', { row: Float64Array.from(score.keys()), score });
      const back = await tables.columns('SELECT score FROM loaded ORDER BY row', ['score']);
      expect(back.score).toEqual(score);
    }
  });
});

describe('a result in batches', () => {
  const batchesOf = async (sql: string, rows: number) => {
    const batches = [];
    for await (const batch of tables.stream(sql, rows)) batches.push(batch);
    return batches;
  };

  test('has as many rows as asked for in each but the last, in order, across the vectors of the engine', async () => {
    const batches = await batchesOf('SELECT range::BIGINT AS i FROM range(10000)', 3000);
    expect(batches.map(({ i }) => i?.length)).toEqual([3000, 3000, 3000, 1000]);
    const all = batches.flatMap(({ i }) => [...(i ?? [])]);
    expect(all.every((value, place) => value === BigInt(place))).toBe(true);
    expect(await batchesOf('SELECT 1 AS one WHERE false', 10)).toEqual([]);
  });

  test('keeps types; missing is NaN, 0 in integers, and no text', async () => {
    const [batch] = await batchesOf(
      `SELECT unnest([1.5, NULL])::FLOAT AS f, unnest([1e300, NULL])::DOUBLE AS d, unnest([7, NULL])::INTEGER AS i,
unnest([9007199254740993, NULL])::BIGINT AS l, unnest([1, NULL])::UTINYINT AS b, unnest(['\u00e4', NULL]) AS t`,
      100,
    );
    expect(batch).toEqual({
      f: Float32Array.of(1.5, Number.NaN),
      d: Float64Array.of(1e300, Number.NaN),
      i: Int32Array.of(7, 0),
      l: BigInt64Array.of(9_007_199_254_740_993n, 0n),
      b: Uint8Array.of(1, 0),
      t: ['\u00e4', ''],
    });
  });

  test('leaves the engine free for other questions, and stops when nobody reads on', async () => {
    for await (const batch of tables.stream('SELECT range AS i FROM range(100000)', 1000)) {
      expect(await tables.query('SELECT 42 AS answer')).toEqual([{ answer: 42 }]);
      expect(batch.i).toHaveLength(1000);
      break;
    }
    expect(await tables.query('SELECT 43 AS answer')).toEqual([{ answer: 43 }]);
  });

  test('fails as the question fails', async () => {
    await expect(batchesOf(`SELECT CAST('x' AS INTEGER) AS i`, 10)).rejects.toThrow(/Conversion/);
  });
});
