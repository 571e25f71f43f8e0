import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { openTables } from '../../../../adapters/duckdb/open-tables.ts';
import { writeParquet } from '../../../../adapters/duckdb/write-parquet.ts';
import { cleaningRecordSchema } from '../../../../pipelines/contracts/cleaning-record.ts';
import { tableReadingSchema } from '../../../../pipelines/contracts/table-reading.ts';
import { parseCleaningRecipe } from '../../../../pipelines/data/cleaning/parse-cleaning-recipe.ts';
import { applyRecord, fitRecipe } from '../../../../pipelines/data/cleaning/run-recipe.ts';
import { readTable } from '../../../../pipelines/data/read-table.ts';
import { integrityOf } from '../../../../pipelines/integrity.ts';
import type { Tables } from '../../../../pipelines/ports/tables.ts';
import { quoteText } from '../../../../pipelines/quote-sql.ts';

let tables: Tables;
let folder: string;
beforeAll(async () => {
  tables = await openTables({ threads: 2 });
  folder = await mkdtemp(join(tmpdir(), 'pulltrain-clean-'));
});
afterAll(async () => {
  tables.close();
  await rm(folder, { recursive: true });
});

async function table(name: string, select: string) {
  const file = join(folder, `${name}.parquet`);
  await tables.query(`COPY (${select}) TO ${quoteText(file)} (FORMAT parquet)`);
  return readTable(tables, file, tableReadingSchema.parse({}));
}

/** Fits steps on one table and applies what was learnt to another; rows of both as lists of values. */
async function clean(steps: object[], train: string, other = train) {
  const recipe = parseCleaningRecipe(stringify({ version: 1, steps }), 'clean.yml');
  const source = { table: await table('train', train), data: 'train', integrity: integrityOf('train'), rows: 0 };
  const { record, select } = await fitRecipe(source, recipe, tables);
  const kept = cleaningRecordSchema.parse(JSON.parse(JSON.stringify(record)));
  const applied = await applyRecord({ table: await table('other', other), data: 'other' }, kept, tables);
  const rows = async (sql: string) => (await tables.query(sql)).map((row) => Object.values(row));
  return {
    record,
    train: await rows(select),
    other: await rows(applied),
    statistics: kept.steps.map((step) => step.statistics),
  };
}

const values = (list: string) => `SELECT * FROM (VALUES ${list}) t(n, w)`;

describe('a step', () => {
  it.each([
    [
      'trim',
      { do: 'trim', columns: ['w'] },
      "(1, ' a '), (2, '  ')",
      [
        [1, 'a'],
        [2, null],
      ],
    ],
    ['normalise', { do: 'normalise', columns: ['w'] }, "(1, ' New   YORK ')", [[1, 'new york']]],
    [
      'missing',
      { do: 'missing', columns: ['w', 'n'], values: ['?', 9] },
      "(9, '?'), (1, 'x')",
      [
        [null, null],
        [1, 'x'],
      ],
    ],
    [
      'cast',
      { do: 'cast', columns: ['w'], to: 'number', invalid: 'missing' },
      "(1, '2.5'), (2, 'x')",
      [
        [1, 2.5],
        [2, null],
      ],
    ],
    ['drop_rows', { do: 'drop_rows', missing: ['w'] }, "(1, NULL), (2, 'x')", [[2, 'x']]],
    [
      'deduplicate',
      { do: 'deduplicate', by: ['w'], on: 'all' },
      "(3, 'x'), (1, 'x'), (2, 'y')",
      [
        [3, 'x'],
        [2, 'y'],
      ],
    ],
    [
      'impute mean',
      { do: 'impute', columns: ['n'], with: 'mean' },
      "(1, 'x'), (NULL, 'x'), (2, 'x')",
      [
        [1, 'x'],
        [1.5, 'x'],
        [2, 'x'],
      ],
    ],
    [
      'impute median',
      { do: 'impute', columns: ['n'], with: 'median', indicator: true },
      "(1, 'x'), (NULL, 'x'), (2, 'x')",
      [
        [1, 'x', 0],
        [1, 'x', 1],
        [2, 'x', 0],
      ],
    ],
    [
      'impute mode',
      { do: 'impute', columns: ['w'], with: 'mode' },
      "(1, 'b'), (2, 'b'), (3, 'a'), (4, 'a'), (5, NULL)",
      [
        [1, 'b'],
        [2, 'b'],
        [3, 'a'],
        [4, 'a'],
        [5, 'a'],
      ],
    ],
    [
      'impute constant',
      { do: 'impute', columns: ['w'], with: { constant: "it's" } },
      '(1, NULL::VARCHAR)',
      [[1, "it's"]],
    ],
    [
      'clip',
      { do: 'clip', columns: ['n'], low: 0.25, high: 0.75 },
      "(1, 'x'), (2, 'x'), (3, 'x'), (99, 'x'), (NULL, 'x')",
      [
        [1, 'x'],
        [2, 'x'],
        [3, 'x'],
        [3, 'x'],
        [null, 'x'],
      ],
    ],
    [
      'group_rare',
      { do: 'group_rare', columns: ['w'], min_share: 0.5 },
      "(1, 'a'), (2, 'a'), (3, 'b'), (4, NULL)",
      [
        [1, 'a'],
        [2, 'a'],
        [3, 'other'],
        [4, null],
      ],
    ],
    ['drop_columns', { do: 'drop_columns', columns: ['n'] }, "(1, 'a')", [['a']]],
  ])('%s', async (_, step, list, expected) => {
    const { train, other } = await clean([step], values(list));
    expect(train).toEqual(expected);
    expect(other).toEqual(expected);
  });
});

describe('what is learnt', () => {
  const train = values("(1, 'a'), (3, 'a'), (NULL, 'a'), (5, 'b'), (3, 'a')");
  const other = values("(100, 'zebra'), (NULL, NULL), (100, 'zebra')");

  it('comes from the fitted table only, each step seeing what the ones before left', async () => {
    const steps = [
      { do: 'deduplicate' },
      { do: 'clip', columns: ['n'], low: 0.1, high: 0.7 },
      { do: 'impute', columns: ['n'], with: 'mean' },
      { do: 'group_rare', columns: ['w'], min_share: 0.4 },
    ];
    const { record, ...found } = await clean(steps, train, other);
    expect(found.statistics).toEqual([
      [],
      [{ column: 'n', low: '1', high: '5', touched: 0 }],
      [{ column: 'n', value: '3.0', touched: 1 }],
      [{ column: 'w', kept: ['a'], touched: 1 }],
    ]);
    expect(found.train).toEqual([
      [1, 'a'],
      [3, 'a'],
      [3, 'a'],
      [5, 'other'],
    ]);
    // Equal rows of a table that was not fitted stay, unless the step says `on: all`.
    expect(found.other).toEqual([
      [5, 'other'],
      [3, null],
      [5, 'other'],
    ]);
    expect(record.steps.map(({ rows }) => rows)).toEqual([4, 4, 4, 4]);
  });

  it('needs no label in tables that have none yet', async () => {
    const step = { do: 'drop_rows', missing: ['w'], on: 'train' };
    expect((await clean([step], train, 'SELECT 1 AS n')).other).toEqual([[1]]);
    await expect(clean([{ ...step, on: 'all' }], train, 'SELECT 1 AS n')).rejects.toMatchObject({
      code: 'column-missing',
    });
  });

  it.each([
    [{ do: 'impute', columns: ['w'], with: 'mean' }, 'not numbers: w (VARCHAR)'],
    [{ do: 'clip', columns: ['w'] }, 'not numbers: w (VARCHAR)'],
    [{ do: 'cast', columns: ['w'], to: 'integer' }, '5 values of w are no integer, e.g. "'],
    [{ do: 'group_rare', columns: ['w'], min_share: 0.9 }, 'no value of w is frequent enough'],
    [{ do: 'trim', columns: ['ww'] }, 'there is no column "ww"'],
    [{ do: 'drop_columns', columns: ['n', 'w'] }, 'no column would be left'],
  ])('is refused with its step (%#)', async (step, said) => {
    await expect(clean([step], train)).rejects.toThrow(said);
  });

  it('has no value to learn from an empty column', async () => {
    await expect(
      clean([{ do: 'impute', columns: ['n'], with: 'mean' }], "SELECT NULL::DOUBLE AS n, 'x' AS w"),
    ).rejects.toThrow('n has no value to learn from');
  });
});

describe('the cleaned file', () => {
  it('has the same bytes every time, in the order of the rows, however many threads there are', async () => {
    const source = `SELECT i AS n, chr(CAST(97 + i % 7 AS INTEGER)) AS w, CASE WHEN i % 3 > 0 THEN sin(i) END AS x FROM range(130000) t(i)`;
    const steps = [
      { do: 'impute', columns: ['x'], with: 'mean' },
      { do: 'deduplicate', by: ['x', 'w'] },
      { do: 'clip', columns: ['x'] },
    ];
    const recipe = parseCleaningRecipe(stringify({ version: 1, steps }), 'clean.yml');
    const written: Buffer[] = [];
    for (const threads of [1, 2, 2]) {
      await tables.query(`SET threads = ${threads}`);
      const fitted = { table: await table('big', source), data: 'big', integrity: integrityOf('big'), rows: 0 };
      const { select } = await fitRecipe(fitted, recipe, tables);
      const file = join(folder, 'cleaned.parquet');
      await writeParquet(tables, select, file);
      written.push(await readFile(file));
    }
    expect(written[1]?.equals(written[0] ?? Buffer.of())).toBe(true);
    expect(written[2]?.equals(written[0] ?? Buffer.of())).toBe(true);
    const [row] = await tables.query(
      `SELECT count(*) AS wrong FROM (SELECT n, lag(n) OVER () AS before FROM read_parquet(${quoteText(join(folder, 'cleaned.parquet'))})) WHERE n <= before`,
    );
    expect(row).toEqual({ wrong: 0 });
  });
});
