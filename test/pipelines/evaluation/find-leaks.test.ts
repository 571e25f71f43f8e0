import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTables } from '../../../adapters/duckdb/open-tables.ts';
import { findLeaks, type TrainingData } from '../../../pipelines/evaluation/find-leaks.ts';
import { integrityOf } from '../../../pipelines/integrity.ts';
import type { Tables } from '../../../pipelines/ports/tables.ts';

let folder = '';
let tables: Tables;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leaks-'));
  tables = await openTables({ threads: 1 });
});
afterAll(async () => {
  tables.close();
  await rm(folder, { recursive: true, force: true });
});

const holdout = {
  data: 'data/holdout.parquet',
  dataIntegrity: integrityOf('holdout'),
  rule: 'newest month',
  from: '2001-04-01',
  to: '2001-04-30',
  rows: 100,
  integrity: integrityOf('rows'),
};
const training = (changes: Partial<TrainingData> = {}): TrainingData => ({
  path: 'data/train.parquet',
  integrity: integrityOf('train'),
  claimed: null,
  file: null,
  ...changes,
});
const find = (data: TrainingData, time: string | undefined = 'date') =>
  findLeaks('The candidate', [data], { holdout, time, entity: [] }, tables);
async function table(name: string, days: string): Promise<string> {
  const file = join(folder, `${name}.parquet`);
  await tables.query(`COPY (SELECT unnest([${days}]) AS date) TO '${file}' (FORMAT parquet)`);
  return file;
}
const claim = (from: string, to: string) => ({ column: 'date', from, to });

describe('training data that holds rows of the holdout', () => {
  test('is found in its bytes, whatever the pointer claims', async () => {
    const file = await table(
      'leaky',
      "TIMESTAMP '2001-03-31 23:59', TIMESTAMP '2001-04-30 23:59', TIMESTAMP '2001-05-01'",
    );
    const [problem] = await find(training({ file, claimed: claim('2001-01-01', '2001-03-31') }));
    expect(problem).toMatchObject({
      code: 'holdout-leak',
      message: expect.stringContaining(
        'The candidate was trained on rows that judge it: data/train.parquet has 1 rows inside it',
      ),
    });
  });

  test('is found by what its pointer claims when the bytes are not at hand', async () => {
    expect(await find(training({ claimed: claim('2001-01-01', '2001-04-01') }))).toHaveLength(1);
    expect(await find(training({ claimed: claim('2001-01-01', '2001-03-31') }))).toEqual([]);
    expect(await find(training({ claimed: claim('2001-05-01', '2001-05-31') }))).toEqual([]);
  });

  test('is found when it is the holdout itself', async () => {
    const [problem] = await find(training({ integrity: holdout.dataIntegrity }), undefined);
    expect(problem?.message).toContain('is the holdout itself');
  });

  test('is not suspected when its days lie around the window, or cannot be told', async () => {
    const around = await table('around', "DATE '2001-03-31', DATE '2001-05-01'");
    expect(await find(training({ file: around, claimed: claim('2001-03-31', '2001-05-01') }))).toEqual([]);
    expect(await find(training())).toEqual([]);
  });
});

describe('training data that holds entities of the holdout', () => {
  const entities = (data: TrainingData, entity: string[]) =>
    findLeaks('The candidate', [data], { holdout, time: undefined, entity }, tables);
  async function trips(name: string, rows: string): Promise<TrainingData> {
    const file = join(folder, `${name}.parquet`);
    await tables.query(
      `COPY (SELECT * FROM (VALUES ${rows}) AS t(origin, "desti nation")) TO '${file}' (FORMAT parquet)`,
    );
    return training({ file });
  }

  test('is found, and told with how many', async () => {
    await tables.query(
      `CREATE OR REPLACE TEMP TABLE pulltrain_holdout AS SELECT * FROM (VALUES ('A', 'B'), ('A', 'B'), ('C', 'D'), (NULL, 'E')) AS t(origin, "desti nation")`,
    );
    const data = await trips('shared', "('A', 'B'), ('B', 'A'), ('C', 'X'), (NULL, 'E')");
    expect(await entities(data, ['origin', 'desti nation'])).toEqual([
      {
        code: 'holdout-leak',
        message: expect.stringContaining('has 1 of the 2 values of origin, desti nation in the holdout'),
      },
    ]);
    expect((await entities(data, ['origin']))[0]?.message).toContain('has 2 of the 2 values of origin');
  });

  test('is not suspected when every entity is on one side, or the table does not name it', async () => {
    expect(await entities(await trips('apart', "('X', 'B'), (NULL, 'D')"), ['origin', 'desti nation'])).toEqual([]);
    expect(await entities(await trips('other', "('A', 'B')"), ['passenger'])).toEqual([]);
  });
});
