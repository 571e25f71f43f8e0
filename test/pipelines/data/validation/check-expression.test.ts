import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTables } from '../../../../adapters/duckdb/open-tables.ts';
import { checkExpression } from '../../../../pipelines/data/validation/check-expression.ts';
import type { Tables } from '../../../../pipelines/ports/tables.ts';
import { quoteName } from '../../../../pipelines/quote-sql.ts';

let tables: Tables;
beforeAll(async () => {
  tables = await openTables({ threads: 1 });
});
afterAll(() => tables.close());

const check = (expression: string, known: string[] = ['arrival', 'departure', 'code', 'we"ird']) =>
  checkExpression(tables, expression, known, 'rules.0.check');

describe('an expression over columns of one row', () => {
  it.each([
    ['arrival >= departure', ['arrival', 'departure']],
    ['arrival >= departure -- always', ['arrival', 'departure']],
    ["code IN ('AA', 'BB') OR code IS NULL", ['code']],
    [
      "CASE WHEN code LIKE 'A%' THEN arrival BETWEEN 1 AND 2 ELSE NOT (departure < 0) END",
      ['code', 'arrival', 'departure'],
    ],
    ['"we""ird" + abs(arrival) * 2 <> 3', ['we"ird', 'arrival']],
    [
      "CAST(code AS INTEGER) = 1 AND length(lower(code)) = 3 AND date_trunc('day', DATE '2001-01-01') > DATE '2000-01-01'",
      ['code'],
    ],
    ["regexp_full_match(code, '[A-Z]+')", ['code']],
  ])('%s', async (expression, columns) => {
    expect((await check(expression)).toSorted()).toEqual(columns.toSorted());
  });

  it('finds any column by its quoted name', async () => {
    const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((name) => !name.includes('\0'));
    await fc.assert(
      fc.asyncProperty(names, async (name) => {
        expect(await check(`${quoteName(name)} > 1`, [name])).toEqual([name]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('anything else is refused', () => {
  it.each([
    ['', 'not an SQL expression'],
    ['arrival >', 'not an SQL expression'],
    ['arrival > 1; DROP TABLE x', 'not'],
    ['arrival, departure', 'not one SQL expression'],
    ['arrival AS x', 'not'],
    ['1) FROM secrets --', 'not'],
    ['1) OR (2', 'not an SQL expression'],
    ['arrival FROM other', 'not'],
    ['arrival > (SELECT 1)', 'a subquery cannot stand in a rule'],
    ['EXISTS (SELECT 1)', 'a subquery cannot stand in a rule'],
    ['sum(arrival) > 1', 'the function sum cannot stand in a rule'],
    ['row_number() OVER () > 1', 'a window cannot stand in a rule'],
    ["read_text('/etc/passwd') = ''", 'the function read_text cannot stand in a rule'],
    ["getenv('HOME') = ''", 'the function getenv cannot stand in a rule'],
    ['random() > 0.5', 'the function random cannot stand in a rule'],
    ['current_date > departure', 'there is no column "current_date"'],
    ['arival > 1', 'there is no column "arival"'],
    ['other.arrival > 1', 'there is no column "other.arrival"'],
    ['* = 1', 'not'],
    ['arrival = ?', 'cannot stand in a rule'],
    ['list_filter([1], lambda x: x > 1) = [1]', 'cannot stand in a rule'],
  ])('%s', async (expression, said) => {
    await expect(check(expression)).rejects.toMatchObject({
      code: 'expression-refused',
      message: expect.stringContaining(said),
    });
  });

  it('says what was probably meant', async () => {
    await expect(check('arival > 1')).rejects.toThrow('Did you mean "arrival"?');
  });
});
