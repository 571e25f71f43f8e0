import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTables } from '../../../../adapters/duckdb/open-tables.ts';
import { ConfigInvalid } from '../../../../pipelines/config/config-invalid.ts';
import { tableReadingSchema } from '../../../../pipelines/contracts/table-reading.ts';
import { readTable } from '../../../../pipelines/data/read-table.ts';
import { describeParts } from '../../../../pipelines/data/splits/describe-parts.ts';
import { parseSplitRule } from '../../../../pipelines/data/splits/parse-split-rule.ts';
import { planSplit } from '../../../../pipelines/data/splits/plan-split.ts';
import { rowHash } from '../../../../pipelines/data/splits/row-hash.ts';
import type { Tables } from '../../../../pipelines/ports/tables.ts';
import { quoteName, quoteText } from '../../../../pipelines/quote-sql.ts';

let tables: Tables;
let folder: string;
beforeAll(async () => {
  tables = await openTables({ threads: 2 });
  folder = await mkdtemp(join(tmpdir(), 'pulltrain-split-'));
});
afterAll(async () => {
  tables.close();
  await rm(folder, { recursive: true });
});

/** A Parquet file with the rows of a SELECT. */
async function table(select: string) {
  const file = join(folder, 'table.parquet');
  await tables.query(`COPY (${select}) TO ${quoteText(file)} (FORMAT parquet)`);
  return readTable(tables, file, tableReadingSchema.parse({}));
}

/** Part of every id, and the report. */
async function split(select: string, rule: object) {
  const source = await table(select);
  const parsed = parseSplitRule(JSON.stringify({ version: 1, ...rule }), 'rule');
  const plan = await planSplit(tables, parsed, source);
  const rows = await tables.query(`SELECT id, CAST(${plan.part} AS INTEGER) AS part FROM ${source.from} ORDER BY id`);
  const parts = new Map(rows.map(({ id, part }) => [Number(id), part === null ? null : Number(part)]));
  return { parts, plan, report: await describeParts(tables, parsed, plan, source) };
}

const numbers = (rows: number) =>
  `SELECT i AS id, i % 10 AS customer, i % 5 = 0 AS late, DATE '2001-01-01' + CAST(i AS INTEGER) AS day FROM range(${rows}) t(i)`;
const shares = { train: 0.7, validation: 0.2, test: 0.1 };

describe('a random split', () => {
  it('meets its shares, and is the same every time and another with another seed', async () => {
    const once = await split(numbers(5000), { by: 'random', parts: shares, seed: 1 });
    const again = await split(numbers(5000), { by: 'random', parts: shares, seed: 1 });
    const other = await split(numbers(5000), { by: 'random', parts: shares, seed: 2 });
    expect(once.parts).toEqual(again.parts);
    expect(once.parts).not.toEqual(other.parts);
    // Four standard errors of a binomial count.
    for (const part of once.report.parts) {
      const share = Object.entries(shares).find(([name]) => name === part.name)?.[1] ?? 0;
      expect(Math.abs(part.rows - 5000 * share)).toBeLessThan(4 * Math.sqrt(5000 * share * (1 - share)));
    }
  });

  it('moves no row when others are added', async () => {
    const before = await split(numbers(300), { by: 'random', parts: shares, key: 'id' });
    const after = await split(numbers(600), { by: 'random', parts: shares, key: 'id' });
    for (const [id, part] of before.parts) expect(after.parts.get(id)).toBe(part);
  });

  it('keeps equal rows together', async () => {
    const source = await table('SELECT i % 50 AS x FROM range(1000) t(i)');
    const rule = parseSplitRule(JSON.stringify({ version: 1, by: 'random', parts: { a: 0.5, b: 0.5 } }), 'rule');
    const plan = await planSplit(tables, rule, source);
    const [row] = await tables.query(
      `SELECT count(*) AS torn FROM (SELECT x FROM ${source.from} GROUP BY x HAVING min(${plan.part}) <> max(${plan.part}))`,
    );
    expect(row).toEqual({ torn: 0 });
  });
});

describe('a row hash', () => {
  it('is the first eight bytes of md5 over seed and values, whatever the column is called and holds', async () => {
    const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 15 }).filter((text) => !text.includes('\0'));
    await fc.assert(
      fc.asyncProperty(words, words, fc.nat(), async (name, value, seed) => {
        const [row] = await tables.query(
          `SELECT CAST(${rowHash([name], seed)} AS VARCHAR) AS hash FROM (SELECT ${quoteText(value)} AS ${quoteName(name)})`,
        );
        // The engine counts characters as code points.
        const digest = createHash('md5')
          .update(`${seed};${Array.from(value).length}:${value}`)
          .digest();
        expect(row?.hash).toBe(String(digest.readBigUInt64LE(0)));
      }),
      { numRuns: 50 },
    );
  });

  it('tells values from their neighbours and from missing ones', async () => {
    const hash = rowHash(['a', 'b'], 0);
    const [row] = await tables.query(
      `SELECT count(DISTINCT ${hash}) AS n FROM (VALUES ('1:x', ''), ('', '1:x'), ('x', '-'), ('x', NULL), (NULL, 'x'), ('xy', 'z'), ('x', 'yz')) t(a, b)`,
    );
    expect(row).toEqual({ n: 7 });
  });
});

describe('other rules', () => {
  it('stratified: keep the share of every label to the row', async () => {
    const { report } = await split(numbers(1000), { by: 'stratified', label: 'late', parts: shares, key: 'id' });
    expect(report.parts.map(({ rows, labels }) => [rows, ...(labels ?? []).map((one) => one.rows)])).toEqual([
      [700, 560, 140],
      [200, 160, 40],
      [100, 80, 20],
    ]);
  });

  it('group: have no entity on two sides', async () => {
    const { parts, report } = await split(numbers(1000), { by: 'group', group: 'customer', parts: { a: 0.5, b: 0.5 } });
    expect(report.groupsOnBothSides).toBe(0);
    const sides = new Map<number, Set<number | null>>();
    for (const [id, part] of parts) sides.set(id % 10, (sides.get(id % 10) ?? new Set()).add(part));
    expect([...sides.values()].every((side) => side.size === 1)).toBe(true);
    expect(report.parts.reduce((sum, { groups }) => sum + (groups ?? 0), 0)).toBe(10);
  });

  it('time: cut where they are told, with a gap before', async () => {
    const rule = { by: 'time', time: 'day', parts: { train: 0.5, test: 0.5 }, cuts: ['2001-01-11'], gap: '3d' };
    const { report, plan } = await split(numbers(20), rule);
    expect(plan.cuts).toEqual(['2001-01-11']);
    expect(report.dropped).toEqual({ missing: 0, gap: 3 });
    expect(report.parts).toMatchObject([
      { rows: 7, time: { from: '2001-01-01 00:00:00', to: '2001-01-07 00:00:00' } },
      { rows: 10, time: { from: '2001-01-11 00:00:00', to: '2001-01-20 00:00:00' } },
    ]);
  });

  it('time: by share, with rows of one instant together', async () => {
    const days = `SELECT i AS id, DATE '2001-01-01' + CAST(i // 10 AS INTEGER) AS day FROM range(100) t(i)`;
    const { report, plan } = await split(days, { by: 'time', time: 'day', parts: { train: 0.75, test: 0.25 } });
    expect(plan.cuts).toEqual(['2001-01-09 00:00:00']);
    expect(report.parts.map(({ rows }) => rows)).toEqual([80, 20]);
  });

  it('refuse rows without a group, or drop them when asked', async () => {
    const select = `SELECT i AS id, CASE WHEN i > 10 THEN i END AS customer FROM range(100) t(i)`;
    const rule = { by: 'group', group: 'customer', parts: { a: 0.5, b: 0.5 } };
    await expect(split(select, rule)).rejects.toMatchObject({
      code: 'split-value-missing',
      message: expect.stringContaining('11 rows'),
    });
    const { report, parts } = await split(select, { ...rule, missing: 'drop' });
    expect(report.dropped.missing).toBe(11);
    expect(parts.get(3)).toBeNull();
  });

  it('refuse a part without rows', async () => {
    await expect(
      split(numbers(20), { by: 'time', time: 'day', parts: { a: 0.5, b: 0.5 }, cuts: ['2011-01-01'] }),
    ).rejects.toThrow('no row falls into b');
  });
});

describe('a split rule', () => {
  it('has all its faults told at once', () => {
    const text = JSON.stringify({
      version: 1,
      by: 'group',
      parts: { a: 0.5, b: 0.6 },
      key: 'x',
      cuts: ['soon'],
      gap: '3',
    });
    try {
      parseSplitRule(text, 'rule');
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof ConfigInvalid)) throw error;
      expect(error.faults.map(({ path, message }) => `${path}: ${message}`).toSorted()).toEqual([
        'cuts.0: expected a day or instant such as 2001-03-31, got "soon"',
        'cuts: has no meaning in a split by group',
        'gap: expected a number and s, m, h or d, e.g. 7d, got "3"',
        'gap: has no meaning in a split by group',
        'group: is missing: a split by group needs it',
        'key: has no meaning in a split by group',
        'parts: shares must sum to 1, got 1.1',
      ]);
    }
  });
});
