import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { openTables } from '../../../../adapters/duckdb/open-tables.ts';
import { validationReportSchema } from '../../../../pipelines/contracts/validation-report.ts';
import { parseDataSchema } from '../../../../pipelines/data/validation/parse-data-schema.ts';
import { validateTable } from '../../../../pipelines/data/validation/validate-table.ts';
import type { Tables } from '../../../../pipelines/ports/tables.ts';
import { quoteName, quoteText } from '../../../../pipelines/quote-sql.ts';

let tables: Tables;
let folder: string;
beforeAll(async () => {
  tables = await openTables({ threads: 2 });
  folder = await mkdtemp(join(tmpdir(), 'pulltrain-validate-'));
});
afterAll(async () => {
  tables.close();
  await rm(folder, { recursive: true });
});

async function csv(text: string | Buffer, name = 'data.csv'): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

async function validate(file: string, schema: object | string, now = new Date('2001-06-01T00:00:00Z')) {
  const text = typeof schema === 'string' ? schema : stringify({ version: 1, ...schema });
  const parsed = parseDataSchema(text, 'schema.yml');
  const report = await validateTable({ file, data: 'data', schema: parsed, schemaPath: 'schema.yml', now }, tables);
  return validationReportSchema.parse(report);
}

/** What is broken, as `columns rule: observed`. */
async function broken(file: string, schema: object | string, now?: Date): Promise<string[]> {
  const { results } = await validate(file, schema, now);
  return results
    .filter(({ status }) => status === 'fail')
    .map(({ columns, rule, observed }) => `${columns.join('+')} ${rule}: ${observed}`);
}

const flights = `id,hour,day,carrier,late
1,7,2001-05-01,AA,0
2,8,2001-05-02,AA,1
3,24,2001-05-31,ZZ,0
3,seven,31.5.2001,aa,2
5,,2001-05-30,,
`;

describe('a rule over one column', () => {
  it.each([
    [{ hour: { type: 'integer' } }, ['hour type: 1 of 4 (25 %), column type VARCHAR']],
    [{ hour: { type: 'integer', mostly: 0.75 } }, []],
    [{ hour: { type: 'integer', max: 23, mostly: 0.5 } }, []],
    [
      { hour: { type: 'integer', max: { is: 23 } } },
      [expect.stringContaining('type'), 'hour max: 1 of 3 (33.3 %), max 24'],
    ],
    [{ id: { type: 'integer', min: 2 } }, ['id min: 1 of 5 (20 %), min 1']],
    [{ hour: { missing: 0 } }, ['hour missing: 1 of 5, 20.0 % missing']],
    [{ hour: { missing: 0.2 } }, []],
    [{ carrier: { values: ['AA', 'ZZ'] } }, ['carrier values: 1 of 4 (25 %): "aa" 1 times']],
    [{ carrier: { pattern: '[A-Z]{2}' } }, ['carrier pattern: 1 of 4 (25 %): "aa" 1 times']],
    [{ carrier: { min_length: 3 } }, ['carrier min_length: 4 of 4 (100 %), shortest 2']],
    [{ carrier: { max_length: 1 } }, ['carrier max_length: 4 of 4 (100 %), longest 2']],
    [
      { day: { type: 'date', max: '2001-05-30' } },
      ['day type: 1 of 5 (20 %), column type VARCHAR', expect.stringContaining('day max: 1 of 4')],
    ],
    [{ id: { type: 'integer', unique: true } }, ['id unique: 1 of 5 rows repeat an earlier one (20 %): "3" 2 times']],
    [{ late: { values: [0, 1] } }, ['late values: 1 of 4 (25 %): "2" 1 times']],
    [{ gone: { type: 'integer' } }, ['gone present: no such column among 5']],
    [{ gone: { required: false } }, []],
  ])('%j', async (columns, expected) => {
    expect(await broken(await csv(flights), { columns })).toEqual(expected);
  });

  it('names the first rows that break it with their values, and hides those of sensitive columns', async () => {
    const file = await csv(flights);
    const { results, status } = await validate(file, {
      columns: { hour: { type: 'integer' }, carrier: { values: ['AA'], sensitive: true } },
    });
    expect(status).toBe('fail');
    const examples = results.flatMap((result) => result.examples);
    expect(examples).toContainEqual({ row: 4, values: [{ column: 'hour', value: 'seven' }] });
    expect(examples).toContainEqual({ row: 3, values: [{ column: 'carrier', value: '(hidden)' }] });
    expect(JSON.stringify(results)).not.toContain('ZZ');
  });

  it('is shown and stops nothing as a warning', async () => {
    const report = await validate(await csv(flights), {
      columns: { id: { type: 'integer', min: 2, severity: 'warning' } },
    });
    expect(report).toMatchObject({ status: 'pass', errors: 0, warnings: 1 });
  });
});

describe('a rule over the table', () => {
  const columns = { id: { type: 'integer' }, hour: null, day: { type: 'date' }, carrier: null, late: null };
  it.each([
    [{ rows: { min: 6 } }, [' rows: 5']],
    [{ rows: { max: 4 } }, [' rows: 5']],
    [{ unique: [['id', 'carrier']] }, []],
    [{ unique: [['id']] }, [expect.stringContaining('id unique: 1 of 5')]],
    [{ rules: [{ name: 'early', check: "id < 3 OR carrier = 'ZZ'" }] }, ['id+carrier early: 1 of 4 (25 %)']],
    [{ rules: [{ check: "id < 3 OR carrier = 'ZZ'", mostly: 0.75 }] }, []],
    [{ rules: [{ check: 'id / (id - id) > 0 OR 1 = 1 -- always' }] }, []],
    [{ freshness: { column: 'day', within: '1d' } }, []],
    [
      { freshness: { column: 'day', within: '12h' } },
      ['day freshness: newest 2001-05-31 00:00:00, 24 h before 2001-06-01 00:00:00'],
    ],
  ])('%j', async (rules, expected) => {
    const typed = { ...columns, day: { type: 'date', mostly: 0.5 } };
    expect(await broken(await csv(flights), { columns: typed, ...rules })).toEqual(expected);
  });

  it('can compare freshness with another column, and needs no clock then', async () => {
    const file = await csv('event,export\n2001-01-01,2001-01-05\n2001-01-02,2001-01-04\n');
    const within = (days: string) => ({
      columns: { event: { type: 'date' }, export: { type: 'date' } },
      freshness: { column: 'event', within: days, against: 'export' },
    });
    expect(await broken(file, within('3d'))).toEqual([]);
    expect(await broken(file, within('2d'))).toEqual([expect.stringContaining('event+export freshness')]);
    expect((await validate(file, within('3d'))).now).toBeNull();
  });

  it('tells of columns that nobody declared', async () => {
    const file = await csv('a,b\n1,2\n');
    expect(await broken(file, { columns: { a: null }, undeclared: 'refuse' })).toEqual(['b undeclared: 1 other: "b"']);
    expect(await validate(file, { columns: { a: null }, undeclared: 'warn' })).toMatchObject({
      warnings: 1,
      status: 'pass',
    });
  });
});

describe('labels', () => {
  const label = (rules: object) => ({ columns: {}, label: { column: 'late', task: 'binary', ...rules } });
  it.each([
    [label({}), ['late label-missing: 1 of 5 (20 %)', 'late label-impossible: 1 of 4 (25 %): "2" 1 times']],
    [label({ missing: 0.2, classes: [0, 1, 2] }), []],
    [label({ task: 'regression', missing: 0.2 }), []],
  ])('that are missing or impossible are found (%#)', async (schema, expected) => {
    expect(await broken(await csv(flights), schema)).toEqual(expected);
  });

  it('that conflict on equal rows are found, with identifiers left out', async () => {
    const file = await csv('id,x,y,late\n1,1,a,0\n2,1,a,1\n3,1,b,0\n4,1,,0\n5,1,,0\n');
    expect(await broken(file, label({ conflicts: 0 }))).toEqual([]);
    expect(await broken(file, label({ conflicts: 0, ignore: ['id'] }))).toEqual([
      'late label-conflict: 2 of 5 (40 %): x 1, y a in 2 rows',
    ]);
    expect(await broken(file, label({ conflicts: 0.4, ignore: ['id'] }))).toEqual([]);
  });
});

describe('a dirty file', () => {
  it('has its ragged lines named and the rest judged', async () => {
    const file = await csv('a,b\n1,2\n3\n4,5,6\n7,8\n');
    const report = await validate(file, {
      read: { delimiter: ',', header: true },
      columns: { a: { type: 'integer' }, b: { type: 'integer' } },
    });
    expect(report.results[0]).toMatchObject({
      rule: 'readable',
      status: 'fail',
      observed: expect.stringContaining('line 3, 4'),
    });
    expect(report.rows).toBe(2);
    expect(await broken(await csv('a,b\n1,2\n'), { columns: { a: null } })).toEqual([]);
  });

  it('is read as the schema says: no header, own names, blanks and markers of missing values', async () => {
    const file = await csv('39, State-gov, 1\n50, ?, 2\n', 'adult.data');
    const read = { format: 'csv', header: false, names: ['age', 'work', 'n'], missing: ['?'], trim: true };
    const columns = {
      age: { type: 'integer', max: 50 },
      work: { values: ['State-gov'], missing: 0.5 },
      n: { type: 'integer' },
    };
    expect(await broken(file, { read, columns })).toEqual([]);
    await expect(validate(file, { read: { ...read, names: ['age'] }, columns })).rejects.toThrow(
      'the number of names is not the number of columns (got 1 names for 3 columns)',
    );
  });

  it('that is no table at all is told with its name', async () => {
    await expect(validate(await csv('PAR1 nonsense', 'x.parquet'), { columns: {} })).rejects.toMatchObject({
      code: 'table-unreadable',
    });
    await expect(validate(join(folder, 'x.txt'), { columns: {} })).rejects.toMatchObject({ code: 'table-format' });
  });

  it('has one fault a wrong type in Parquet, whole columns included', async () => {
    const file = join(folder, 'typed.parquet');
    await tables.query(
      `COPY (SELECT * FROM (VALUES ('1', 1.0, 'NaN'::DOUBLE, TIMESTAMP '2001-01-01'), ('2', 1.5, 'inf'::DOUBLE, TIMESTAMP '2001-01-01 10:00')) AS t(a, b, c, d)) TO ${quoteText(file)} (FORMAT parquet)`,
    );
    const columns = {
      a: { type: 'integer' },
      b: { type: 'integer' },
      c: { type: 'number', missing: 0.5 },
      d: { type: 'date' },
    };
    expect(await broken(file, { columns })).toEqual([
      'a type: 2 of 2 (100 %), column type VARCHAR',
      expect.stringMatching(/^b type: 1 of 2/),
      'c type: 1 of 1 (100 %), column type DOUBLE',
      'd type: 1 of 2 (50 %), column type TIMESTAMP',
    ]);
  });
});

describe('whatever a column is called and holds', () => {
  it('it can be held against every kind of rule, and only its own values decide', async () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
      fc.constantFrom(
        '"',
        "'",
        'a"b',
        "');DROP TABLE x;--",
        '~raw0',
        '~row',
        'rows',
        'typed',
        'line\nbreak',
        'select',
        '🙂',
        '__proto__',
      ),
    );
    const file = join(folder, 'hostile.parquet');
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (name, value) => {
        fc.pre(!name.includes('\0') && !value.includes('\0') && name.trim() !== '');
        await tables.query(
          `COPY (SELECT ${quoteText(value)} AS ${quoteName(name)} UNION ALL SELECT ${quoteText(`${value}!`)}) TO ${quoteText(file)} (FORMAT parquet)`,
        );
        const rules = { type: 'text', values: [value], unique: true, missing: 0, min_length: 1 };
        const found = await validate(file, { columns: Object.fromEntries([[name, rules]]), unique: [[name]] });
        const fails = found.results.filter(({ status }) => status === 'fail');
        if (name === '__proto__') return;
        expect(fails).toMatchObject([
          { rule: 'values', columns: [name], violations: 1, of: 2, examples: [{ row: 2 }] },
        ]);
      }),
      { numRuns: 25 },
    );
  });
});
