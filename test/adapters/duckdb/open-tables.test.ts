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
