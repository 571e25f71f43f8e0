import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTables } from '../../../adapters/duckdb/open-tables.ts';
import { loadHoldout } from '../../../pipelines/evaluation/load-holdout.ts';
import { integrityOf } from '../../../pipelines/integrity.ts';
import type { Tables } from '../../../pipelines/ports/tables.ts';
import { flightsPolicy, writeFlights } from './holdout.ts';

let folder = '';
let tables: Tables;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdout-'));
  tables = await openTables({ threads: 1 });
});
afterAll(async () => {
  tables.close();
  await rm(folder, { recursive: true, force: true });
});

async function load(changes: Record<string, unknown> = {}, where?: string, dataIntegrity = integrityOf('flights')) {
  return loadHoldout(
    { policy: flightsPolicy(changes), file: await writeFlights(folder, tables, where), dataIntegrity },
    tables,
  );
}
const holdoutRule = (window?: { newest: string }) => ({
  holdout: { data: 'data/holdout.parquet', target: 'late', time: 'date', ...(window && { window }) },
});

describe('the rows that judge', () => {
  test('are the labelled rows of the newest month that has labels', async () => {
    const { holdout, labels } = await load();
    expect(holdout).toMatchObject({
      from: '2001-04-01',
      to: '2001-04-30',
      rule: 'newest month of date that has labels',
    });
    expect(labels.every((label) => label === 0 || label === 1)).toBe(true);
    const older = await load({}, `date < TIMESTAMP '2001-04-01' OR late IS NULL`);
    expect(older.holdout).toMatchObject({ from: '2001-03-01', to: '2001-03-31' });
  });

  test('are the newest days when the rule says so', async () => {
    const { holdout } = await load(holdoutRule({ newest: '7d' }));
    expect(holdout).toMatchObject({ from: '2001-04-24', to: '2001-04-30' });
  });

  test('are all labelled rows without a window', async () => {
    expect((await load(holdoutRule())).holdout).toMatchObject({ from: '2001-03-01', rule: 'every labelled row' });
  });

  test('have an identity that changes with data, rule and window and with nothing else', async () => {
    const identity = async (...options: Parameters<typeof load>) => (await load(...options)).holdout.integrity;
    const first = await identity();
    expect(await identity({ threshold: 0.3, gates: [] })).toBe(first);
    expect(await identity(holdoutRule({ newest: '30d' }))).not.toBe(first);
    expect(await identity({}, undefined, integrityOf('other bytes'))).not.toBe(first);
    expect(await identity({}, `date < TIMESTAMP '2001-04-20'`)).not.toBe(first);
  });
});

describe('a holdout that cannot judge', () => {
  test('is empty', async () => {
    await expect(load({}, 'late IS NULL')).rejects.toMatchObject({
      code: 'holdout-empty',
      message: expect.stringContaining('data/holdout.parquet: no row of the holdout can judge'),
    });
  });

  test('has one class, or labels that are neither 0 nor 1', async () => {
    await expect(load({}, 'late = 1')).rejects.toMatchObject({ code: 'holdout-labels-invalid' });
    const target = { holdout: { data: 'data/holdout.parquet', target: 'distance' } };
    await expect(load(target)).rejects.toMatchObject({ code: 'holdout-labels-invalid' });
  });

  test('lacks columns that policy names', async () => {
    await expect(load({ slices: ['hour_band'], protected: ['gender'] })).rejects.toMatchObject({
      code: 'holdout-columns-missing',
      message: expect.stringContaining('no column gender, hour_band'),
    });
  });

  test('has too many groups', async () => {
    await expect(load({ slices: ['distance'] })).rejects.toMatchObject({ code: 'holdout-too-many-groups' });
  });
});
