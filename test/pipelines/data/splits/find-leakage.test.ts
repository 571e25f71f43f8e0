import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTables } from '../../../../adapters/duckdb/open-tables.ts';
import { leakageReportSchema } from '../../../../pipelines/contracts/leakage-report.ts';
import { tableReadingSchema } from '../../../../pipelines/contracts/table-reading.ts';
import { readTable } from '../../../../pipelines/data/read-table.ts';
import { findLeakage, type LeakageSubject } from '../../../../pipelines/data/splits/find-leakage.ts';
import type { Tables } from '../../../../pipelines/ports/tables.ts';
import { quoteText } from '../../../../pipelines/quote-sql.ts';

let tables: Tables;
let folder: string;
beforeAll(async () => {
  tables = await openTables({ threads: 2 });
  folder = await mkdtemp(join(tmpdir(), 'pulltrain-leakage-'));
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

async function find(train: string, holdout: string, changes: Partial<LeakageSubject> = {}) {
  const subject: LeakageSubject = {
    train: await table('train', train),
    holdout: await table('holdout', holdout),
    paths: { train: 'train', holdout: 'holdout' },
    ignore: [],
    label: undefined,
    time: undefined,
    entities: [],
    texts: [],
    sensitive: [],
    limits: { exact: 0, entity: 0, time: 0 },
    ...changes,
  };
  const report = leakageReportSchema.parse(await findLeakage(subject, tables));
  const rowsOf = (check: string) => report.findings.find((finding) => finding.check === check)?.rows;
  return { report, rowsOf };
}

const rows = (values: string) => `SELECT * FROM (VALUES ${values}) t(a, b, c, d, y)`;
const train = rows("(1, 2.0, 'x', 'red', 0), (2, 1.0, 'y', 'blue', 1), (0, 0.0, 'z', NULL, 1)");

describe('equal rows', () => {
  it('are found whatever their label, missing values included', async () => {
    const holdout = rows("(1, 2.0, 'x', 'red', 1), (0, 0.0, 'z', NULL, 0), (0, -0.0, 'z', '', 0)");
    const { report, rowsOf } = await find(train, holdout, { label: 'y' });
    expect(rowsOf('exact')).toBe(2);
    expect(report.status).toBe('fail');
    expect(report.findings[0]?.examples.map(({ row }) => row)).toEqual([1, 2]);
  });

  it('are not confused with rows whose values have changed places', async () => {
    const { rowsOf, report } = await find(train, rows("(2, 1.0, 'x', 'red', 0), (2, 2.0, 'y', 'red', 0)"), {
      label: 'y',
    });
    expect(rowsOf('exact')).toBe(0);
    expect(report.status).toBe('pass');
  });

  it('are allowed up to a share, and counted among themselves', async () => {
    const holdout = rows("(1, 2.0, 'x', 'red', 1), (7, 7.0, 'q', 'q', 0), (7, 7.0, 'q', 'q', 0)");
    const { report } = await find(train, holdout, { label: 'y', limits: { exact: 0.34 } });
    expect(report).toMatchObject({ status: 'pass', repeats: 2, holdout: { rows: 3 } });
  });
});

describe('nearly equal rows', () => {
  it('are found when all but one feature agree, or numbers after three digits and texts but for case', async () => {
    const holdout = rows(
      "(1, 2.0, 'x', 'green', 0), (1, 2.0004, ' X ', 'RED', 0), (1, 2.0, 'q', 'green', 0), (1, 2.0, 'x', 'red', 0)",
    );
    const { report, rowsOf } = await find(train, holdout, { label: 'y' });
    expect(rowsOf('exact')).toBe(1);
    expect(rowsOf('near')).toBe(2);
    expect(report.findings[1]).toMatchObject({ status: 'shown', limit: null });
    expect(report.findings[1]?.examples.map(({ row }) => row)).toEqual([1, 2]);
  });

  it('hide what is sensitive', async () => {
    const { report } = await find(train, train, { sensitive: ['c', 'd'] });
    const shown = JSON.stringify(report.findings[0]?.examples);
    expect(shown).toContain('(hidden)');
    expect(shown).not.toContain('red');
  });
});

describe('texts', () => {
  const long = 'the quick brown fox jumps over the lazy dog and runs away into the deep dark wood before night falls';
  it('are near-duplicates when most runs of three words agree', async () => {
    const texts = (list: string[]) => `SELECT unnest([${list.map(quoteText).join(', ')}]) AS t`;
    const { rowsOf } = await find(
      texts([long, 'hello there', 'an entirely different sentence about nothing at all']),
      texts([
        `${long.toUpperCase()}!`,
        `${long} again`,
        long.split(' ').toReversed().join(' '),
        'Hello,  there',
        'Größe größer',
        '',
      ]),
      { texts: ['t'] },
    );
    expect(rowsOf('text')).toBe(3);
  });
});

describe('entities and time', () => {
  const trips = (list: string) => `SELECT * FROM (VALUES ${list}) t(origin, destination, day)`;
  it('are found on both sides, several columns naming one entity together', async () => {
    const { report } = await find(
      trips("('A', 'B', DATE '2001-01-01'), ('C', 'D', DATE '2001-02-01')"),
      trips("('A', 'B', DATE '2001-02-01'), ('A', 'D', DATE '2001-03-01'), (NULL, 'D', DATE '2001-03-02')"),
      {
        entities: [['origin', 'destination'], ['destination']],
        time: 'day',
      },
    );
    const [first, second, time] = report.findings.slice(2);
    expect(first).toMatchObject({ check: 'entity', rows: 1, of: 2, status: 'fail' });
    expect(second).toMatchObject({ check: 'entity', rows: 3, of: 3 });
    expect(time).toMatchObject({
      check: 'time',
      rows: 1,
      of: 3,
      status: 'fail',
      observed: expect.stringContaining('1 training rows lie inside it'),
    });
  });

  it('that are not there are told by name', async () => {
    await expect(find(train, train, { entities: [['orgin']] })).rejects.toMatchObject({ code: 'column-missing' });
    await expect(find(train, 'SELECT 1 AS q')).rejects.toMatchObject({ code: 'columns-differ' });
  });
});
