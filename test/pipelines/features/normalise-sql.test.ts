import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openTables } from '../../../adapters/duckdb/open-tables.ts';
import { normaliseSql, sqlPieces } from '../../../pipelines/features/normalise-sql.ts';
import { sqlFaults } from '../../../pipelines/features/sql-faults.ts';

describe('SQL in one spelling', () => {
  test.each([
    ['SELECT  a,\n\tb -- why\nFROM t ;\n', 'SELECT a, b FROM t'],
    ['/* a /* nested */ one */ SELECT 1/**/+ 2', 'SELECT 1 + 2'],
    ['SELECT \'--  no  comment\', "a  /* b"', 'SELECT \'--  no  comment\', "a  /* b"'],
    ["SELECT 'it''s  x', E'a\\'  b', $$ two  spaces; $$", "SELECT 'it''s  x', E'a\\'  b', $$ two  spaces; $$"],
    ['SELECT a->>b, 1e-5, x::INT, a<=b', 'SELECT a->>b, 1e-5, x::INT, a<=b'],
  ])('%j', (sql, expected) => {
    expect(normaliseSql(sql)).toBe(expected);
    expect(normaliseSql(expected)).toBe(expected);
  });

  test('gives back what it was cut from, and settles after one pass', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '1', ' ', '\n', "'", '"', '-', '/', '*', '$', ';', '(', 'é') });
    fc.assert(
      fc.property(text, (sql) => {
        const pieces = sqlPieces(sql).map((piece) => piece.text);
        expect(pieces.join('')).toBe(sql);
        expect(normaliseSql(normaliseSql(sql))).toBe(normaliseSql(sql));
      }),
    );
  });

  test('means the same to the engine', async () => {
    const tables = await openTables();
    const sql = `WITH x AS (SELECT 1 AS a, 'b  c' AS t) -- first
      SELECT a /* and */ + 1e-1 AS "s  um", t, a - -1 AS m FROM x`;
    expect(await tables.query(normaliseSql(sql))).toEqual(await tables.query(sql));
    tables.close();
  });
});

describe('what SQL of a definition may not be', () => {
  test.each([
    ["COPY t TO 'x'", ['must be one SELECT, and begins with "copy"']],
    ['SELECT 1; SELECT 2', ['must be one statement']],
    ['SELECT 1) UNION (SELECT 2', ['has parentheses that do not match']],
    ["SELECT 'x", ['has a quote that does not end']],
    [' -- nothing', ['is empty']],
  ])('%s', (sql, faults) => {
    expect(sqlFaults(sql)).toEqual(faults);
  });

  test('names every function that gives another answer every time, and no column of that name', () => {
    expect(sqlFaults('SELECT RANDOM(), current_date, now() FROM t')).toHaveLength(3);
    expect(sqlFaults('SELECT now, random, \'now()\' AS uuid, "current_date" FROM t -- today()')).toEqual([]);
  });
});
