import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { InferenceSession } from 'onnxruntime-node';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const example = fileURLToPath(new URL('../../../examples/flight-delays', import.meta.url));
const train = (cwd: string) => run(process.execPath, [join(example, 'src/train.ts')], { cwd });
let folder = '';
let printed = '';

/** A copy of the example with two weeks of a hundred flights a day; after eight in the evening most are late. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flight-delays-'));
  mkdirSync(join(folder, 'data'));
  const params = readFileSync(join(example, 'params.yaml'), 'utf8');
  writeFileSync(
    join(folder, 'params.yaml'),
    params.replace(/to: .*/, 'to: "2001-01-14"').replace(/min_rows_per_leaf: .*/, 'min_rows_per_leaf: 20'),
  );
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (
    SELECT i AS flight_id, TIMESTAMP '2001-01-01' + INTERVAL (i * 864) SECOND AS date, hour(date) AS hour,
           isodow(date) AS weekday, 100 + i % 37 AS distance, (hour(date) >= 20 AND i % 5 <> 0)::INTEGER AS late
    FROM range(1500) t(i)) TO '${join(folder, 'data/flights-2001-03.parquet')}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  printed = (await train(folder)).stdout;
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('writes a model and what it thinks of itself, and says how it goes', async () => {
  expect(printed).toMatch(/1100 rows to learn from, 300 to measure/);
  expect(printed).toMatch(/round 40\/40 loss 0\.\d{4}/);
  expect(JSON.parse(readFileSync(join(folder, 'out/metrics.json'), 'utf8'))).toEqual({
    train_log_loss: expect.any(Number),
    validation_roc_auc: expect.closeTo(0.96, 1),
    train_rows: 1100,
    validation_rows: 300,
  });
  const session = await InferenceSession.create(join(folder, 'out/model.onnx'));
  expect(session.inputNames).toEqual(['hour', 'weekday', 'distance']);
  await session.release();
});

it('writes the same bytes again', async () => {
  const first = readFileSync(join(folder, 'out/model.onnx'));
  await train(folder);
  expect(readFileSync(join(folder, 'out/model.onnx')).equals(first)).toBe(true);
});

it('fails with a sentence when the window has no flights', async () => {
  const params = readFileSync(join(folder, 'params.yaml'), 'utf8');
  const empty = mkdtempSync(join(tmpdir(), 'flight-delays-'));
  try {
    mkdirSync(join(empty, 'data'));
    writeFileSync(
      join(empty, 'data/flights-2001-03.parquet'),
      readFileSync(join(folder, 'data/flights-2001-03.parquet')),
    );
    writeFileSync(join(empty, 'params.yaml'), params.replaceAll('2001-01-', '1999-01-'));
    await expect(train(empty)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has no flights from'),
    });
  } finally {
    rmSync(empty, { recursive: true });
  }
});
