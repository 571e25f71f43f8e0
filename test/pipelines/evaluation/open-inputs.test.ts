import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTables } from '../../../adapters/duckdb/open-tables.ts';
import { loadHoldout } from '../../../pipelines/evaluation/load-holdout.ts';
import { openInputs } from '../../../pipelines/evaluation/open-inputs.ts';
import { integrityOf } from '../../../pipelines/integrity.ts';
import type { Tables } from '../../../pipelines/ports/tables.ts';
import { flightsPolicy } from './holdout.ts';

let folder = '';
let tables: Tables;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inputs-'));
  tables = await openTables({ threads: 1 });
});
afterAll(async () => {
  tables.close();
  await rm(folder, { recursive: true, force: true });
});

/** What the inputs of a model are given of one column `x`. */
async function fill(type: string, values: string, { ending = 'parquet', shape = [-1, 1] } = {}) {
  const file = join(folder, `rows.${ending}`);
  await tables.query(`COPY (SELECT unnest([${values}]) AS x, unnest([0, 1, 0]) AS y) TO '${file}'`);
  const policy = flightsPolicy({ protected: [], gates: [], holdout: { data: 'rows', target: 'y' } });
  const loaded = await loadHoldout({ policy, file, dataIntegrity: integrityOf('rows') }, tables);
  const inputs = await openInputs([{ name: 'x', type, shape }], loaded, policy, tables);
  for await (const { x } of inputs.batches()) return x;
  return undefined;
}

describe('a column fills an input', () => {
  test.each([
    ['float32', '1, 2, NULL', Float32Array.of(1, 2, Number.NaN)],
    ['float32', '0.5, 1e300, NULL', Float64Array.of(0.5, 1e300, Number.NaN)],
    ['float32', 'true, false, NULL', Float32Array.of(1, 0, Number.NaN)],
    ['float64', '0.1::DECIMAL(4,2), 2, NULL', Float64Array.of(0.1, 2, Number.NaN)],
    ['int64', '1, 9007199254740993, -2', BigInt64Array.of(1n, 9_007_199_254_740_993n, -2n)],
    ['int64', '1.0::DOUBLE, 2.0, 3.0', BigInt64Array.of(1n, 2n, 3n)],
    ['int32', '1::TINYINT, 2, 3', Int32Array.of(1, 2, 3)],
    ['bool', 'true, false, true', Uint8Array.of(1, 0, 1)],
    ['bool', '1, 0, 1', Uint8Array.of(1, 0, 1)],
    ['string', `'a', '', NULL`, ['a', '', '']],
    ['string', '7, 8, 9', ['7', '8', '9']],
  ])('%s with %s', async (type, values, expected) => {
    expect(await fill(type, values)).toEqual(expected);
  });

  test.each(['csv', 'jsonl'])('out of %s as out of Parquet', async (ending) => {
    expect(await fill('float32', '1.5, 2.25, NULL', { ending })).toEqual(Float64Array.of(1.5, 2.25, Number.NaN));
    expect(await fill('string', `'a', 'b', NULL`, { ending })).toEqual(['a', 'b', '']);
  });
});

describe('a column that does not fit is named with what is wanted and what is there', () => {
  test.each([
    ['int64', '1, 2, NULL', 'input x is int64, which knows no missing value; column x misses 1'],
    ['int64', '1.5, 2, 2.5', 'input x is int64; 2 values of column x are not, such as 1.5'],
    ['int32', '1, 2, 3000000000', 'input x is int32; 1 values of column x are not, such as 3000000000'],
    ['bool', '0, 1, 2', 'input x is bool; 1 values of column x are not, such as 2'],
    ['float32', `'a', 'b', 'c'`, 'input x is float32, column x is VARCHAR'],
    ['float32', `DATE '2001-01-01', NULL, NULL`, 'input x is float32, column x is DATE'],
    ['string', '[1], [2], [3]', 'input x is string, column x is INTEGER[]'],
    ['float16', '1, 2, 3', 'input x is of type float16, which no column can fill'],
  ])('%s with %s', async (type, values, message) => {
    await expect(fill(type, values)).rejects.toMatchObject({
      code: 'model-inputs-mismatch',
      message: expect.stringContaining(message),
    });
  });

  test('a matrix, which nothing says the columns of', async () => {
    await expect(fill('float32', '1, 2, 3', { shape: [-1, 11] })).rejects.toThrow(
      /input x takes 11 columns at once.*an input \[N,1\] for each/,
    );
  });
});
