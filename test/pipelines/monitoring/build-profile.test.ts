import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTables } from '../../../adapters/duckdb/open-tables.ts';
import { type Profile, profileSchema } from '../../../pipelines/contracts/profile.ts';
import { buildReferenceProfile } from '../../../pipelines/monitoring/build-profile.ts';
import type { Tables } from '../../../pipelines/ports/tables.ts';
import { referenceProfile, writeReference } from './watched-model.ts';

let directory: string;
let tables: Tables;
let table: string;
let profile: Profile;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pulltrain-profile-'));
  tables = await openTables();
  table = await writeReference(directory, tables);
  profile = await referenceProfile(table, tables);
});
afterAll(async () => {
  tables.close();
  await rm(directory, { recursive: true });
});

const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

async function small(values: string, options: { columns: string[]; time?: string | null; label?: string | null }) {
  const file = join(directory, 'small.parquet');
  await tables.query(`COPY (${values}) TO '${file}' (FORMAT parquet)`);
  const { columns, time = null, label = null } = options;
  return buildReferenceProfile(
    { model: 'late', relation: `read_parquet('${file}')`, columns, time, score: 'score', label, quality: null },
    tables,
  );
}

describe('the profile of a reference', () => {
  it('obeys its schema and counts every row once', () => {
    expect(profileSchema.parse(profile)).toEqual(profile);
    expect(profile).toMatchObject({ rows: 12_000, from: '2001-01-01', to: '2001-03-01', chunks: 56 });
    for (const column of profile.columns) {
      const counted = column.type === 'numeric' ? column.counts : [...Object.values(column.counts), column.other];
      expect(total(counted) + column.missing).toBe(12_000);
    }
    expect(total(profile.score.counts)).toBe(12_000);
  });

  it('cuts a numeric column into twenty bins of about the same mass', () => {
    const rate = profile.columns.find(({ name }) => name === 'rate');
    if (rate?.type !== 'numeric') throw new Error('rate is numeric');
    expect(rate.counts).toHaveLength(20);
    for (const count of rate.counts) expect(Math.abs(count - 600)).toBeLessThan(60);
    expect(rate.mean).toBeCloseTo(0.5, 1);
  });

  it('puts edges between values, where no rounding can move a row across', async () => {
    const { columns } = await small('SELECT i % 7 AS weekday, 0.5 AS score FROM range(700) r(i)', {
      columns: ['weekday'],
    });
    expect(columns[0]).toMatchObject({
      edges: [0.5, 1.5, 2.5, 3.5, 4.5, 5.5],
      counts: [100, 100, 100, 100, 100, 100, 100],
    });
  });

  it('counts categories by name, gaps apart', () => {
    expect(profile.columns.find(({ name }) => name === 'region')).toEqual({
      type: 'categorical',
      name: 'region',
      missing: 1200,
      counts: { "it's": 3600, north: 3600, south: 3600 },
      other: 0,
    });
  });

  it('keeps fifty categories and folds the rest', async () => {
    const { columns } = await small("SELECT 'c' || (i % 60) AS name, 0.5 AS score FROM range(600) r(i)", {
      columns: ['name'],
    });
    expect(columns[0]).toMatchObject({ type: 'categorical', other: 100 });
    expect(columns[0]?.type === 'categorical' && Object.keys(columns[0].counts)).toHaveLength(50);
  });

  it('has a threshold for every column, the score, the label and the calibration', () => {
    expect(Object.keys(profile.thresholds).sort()).toEqual([
      '@calibration',
      '@label',
      'hour',
      'rate',
      'region',
      'score',
    ]);
    for (const threshold of Object.values(profile.thresholds)) {
      expect(threshold).toBeGreaterThanOrEqual(0);
      expect(threshold).toBeLessThan(0.2);
    }
    expect(profile.labelMean).toBeCloseTo(0.2, 1);
  });

  it('has none when the reference is too short for the window, or has no time', async () => {
    const short = await referenceProfile(table, tables, '30d');
    expect(short).toMatchObject({ chunks: 0, thresholds: {} });
    const timeless = await small('SELECT 1.0 AS x, 0.5 AS score', { columns: ['x'] });
    expect(timeless).toMatchObject({ from: null, to: null, chunks: 0, labelMean: null });
  });

  it('takes NaN for missing and holds columns that are empty or constant', async () => {
    const { columns } = await small(
      "SELECT CAST('NaN' AS DOUBLE) AS gone, CAST(NULL AS DOUBLE) AS empty, 3 AS same, 0.5 AS score FROM range(5)",
      { columns: ['gone', 'empty', 'same'] },
    );
    expect(columns).toEqual([
      { type: 'numeric', name: 'gone', missing: 5, mean: null, std: null, edges: [], counts: [0] },
      { type: 'numeric', name: 'empty', missing: 5, mean: null, std: null, edges: [], counts: [0] },
      { type: 'numeric', name: 'same', missing: 0, mean: 3, std: 0, edges: [], counts: [5] },
    ]);
  });

  it('takes column names as they are', async () => {
    const name = 'a "b" \'c\'; --';
    const { columns } = await small(`SELECT 1 AS "${name.replaceAll('"', '""')}", 0.5 AS score`, { columns: [name] });
    expect(columns[0]).toMatchObject({ name, counts: [1] });
  });

  it('names every column that is missing', async () => {
    await expect(small('SELECT 0.5 AS score', { columns: ['x', 'y'], label: 'late' })).rejects.toMatchObject({
      code: 'profile-column-missing',
      parts: { allowed: 'x, y, late' },
    });
  });

  it('refuses a reference without rows', async () => {
    await expect(small('SELECT 1 AS x, 0.5 AS score WHERE false', { columns: ['x'] })).rejects.toMatchObject({
      code: 'profile-empty',
    });
  });
});
