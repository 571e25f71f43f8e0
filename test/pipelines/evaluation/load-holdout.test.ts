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

describe('the truth of other tasks', () => {
  /** A table of a file of its own, and a policy without a window. */
  async function loadRows(rows: string, changes: Record<string, unknown>, ending = 'csv') {
    const file = join(folder, `rows.${ending}`);
    await tables.query(`COPY (${rows}) TO '${file}'`);
    const { target = 'y', ...rest } = changes;
    const { labels, query, ...policy } = rest;
    const holdout = {
      data: 'rows',
      target,
      ...(labels !== undefined && { labels }),
      ...(query !== undefined && { query }),
    };
    const complete = flightsPolicy({ protected: [], gates: [], holdout, ...policy });
    return loadHoldout({ policy: complete, file, dataIntegrity: integrityOf('rows') }, tables);
  }
  const several = `SELECT unnest(['b', 'a', 'c', 'a', NULL]) AS y`;
  const multiclass = { task: 'multiclass', metrics: { primary: 'accuracy' } };

  test.each(['csv', 'jsonl', 'parquet'])('classes are the sorted values, in %s', async (ending) => {
    const { classes, labels } = await loadRows(several, multiclass, ending);
    expect(classes).toEqual(['a', 'b', 'c']);
    expect([...labels]).toEqual([1, 0, 2, 0]);
  });

  test('classes have the order that policy gives them, numbers as numbers', async () => {
    const listed = await loadRows(several, { ...multiclass, classes: ['c', 'b', 'a', 'never seen'] });
    expect([...listed.labels]).toEqual([1, 2, 0, 2]);
    const numbers = await loadRows('SELECT unnest([10, 9, 10]) AS y', multiclass);
    expect([numbers.classes, [...numbers.labels]]).toEqual([
      ['9', '10'],
      [1, 0, 1],
    ]);
    const decimals = await loadRows('SELECT unnest([3.0, 4.0]) AS y', { ...multiclass, classes: [4, 3] }, 'parquet');
    expect([...decimals.labels]).toEqual([1, 0]);
    await expect(loadRows(several, { ...multiclass, classes: ['a', 'b'] })).rejects.toMatchObject({
      code: 'holdout-labels-invalid',
      message: expect.stringMatching(/one of the classes.*1 of 4 rows.*a, b/),
    });
  });

  test('a binary target may have names', async () => {
    const named = `SELECT unnest(['>50K', '<=50K']) AS y`;
    expect([...(await loadRows(named, { classes: ['<=50K', '>50K'] })).labels]).toEqual([1, 0]);
    await expect(loadRows(named, {})).rejects.toMatchObject({
      code: 'holdout-labels-invalid',
      message: expect.stringMatching(/2 of 2 rows.*named as `classes`/),
    });
    const yes = await loadRows('SELECT unnest([true, false]) AS y', {}, 'parquet');
    expect([...yes.labels]).toEqual([1, 0]);
  });

  test('labels have a column each', async () => {
    const policy = { task: 'multilabel', target: 'fog', labels: ['fog', 'ice'], metrics: { primary: 'hamming_loss' } };
    const { classes, labelColumns } = await loadRows('SELECT unnest([1, 0]) AS fog, unnest([1, 1]) AS ice', policy);
    expect(classes).toEqual(['fog', 'ice']);
    expect(labelColumns?.map((column) => [...column])).toEqual([
      [1, 0],
      [1, 1],
    ]);
    await expect(loadRows('SELECT unnest([1, 0]) AS fog, unnest([1, NULL]) AS ice', policy)).rejects.toMatchObject({
      message: expect.stringMatching(/ice of rows: labels must be 0 or 1.*1 of 2/),
    });
  });

  test('queries are counted in the order of their names, rows stay where they are', async () => {
    const policy = { task: 'ranking', query: 'q', metrics: { primary: 'ndcg' } };
    const { labels, queries } = await loadRows(`SELECT unnest([2, 0, 1]) AS y, unnest(['b', 'a', 'b']) AS q`, policy);
    expect([[...labels], [...(queries ?? [])]]).toEqual([
      [2, 0, 1],
      [1, 0, 1],
    ]);
    await expect(loadRows(`SELECT unnest([2, -1]) AS y, 'a' AS q`, policy)).rejects.toThrow(/0 and more.*1 of 2/);
    await expect(loadRows(`SELECT unnest([2, 1]) AS y, unnest(['a', NULL]) AS q`, policy)).rejects.toThrow(
      /1 rows without/,
    );
    await expect(loadRows('SELECT 1 AS y', { ...policy, query: undefined })).rejects.toThrow(/holdout.query/);
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
