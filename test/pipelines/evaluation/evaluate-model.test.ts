import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTables } from '../../../adapters/duckdb/open-tables.ts';
import { openScorer } from '../../../adapters/onnx/open-scorer.ts';
import { evaluationSchema } from '../../../pipelines/contracts/evaluation.ts';
import { evaluateModel } from '../../../pipelines/evaluation/evaluate-model.ts';
import { loadHoldout } from '../../../pipelines/evaluation/load-holdout.ts';
import { integrityOf } from '../../../pipelines/integrity.ts';
import type { Scorer } from '../../../pipelines/ports/scorer.ts';
import type { Tables } from '../../../pipelines/ports/tables.ts';
import { buildLogisticModel } from '../../fixtures/onnx-model.ts';
import { flightsPolicy, writeFlights } from './holdout.ts';

let folder = '';
let tables: Tables;
let scorer: Scorer;
const dataIntegrity = integrityOf('flights');
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evaluate-'));
  tables = await openTables({ threads: 1 });
  scorer = await openScorer();
});
afterAll(async () => {
  tables.close();
  await rm(folder, { recursive: true, force: true });
});

const integrityOfFile = async (path: string) => integrityOf(await readFile(path));
async function evaluate(model: Uint8Array, changes: Record<string, unknown> = {}) {
  const policy = flightsPolicy(changes);
  const file = await writeFlights(folder, tables);
  const loaded = await loadHoldout({ policy, file, dataIntegrity }, tables);
  const modelPath = join(folder, 'model.onnx');
  await writeFile(modelPath, model);
  const predictions = join(folder, 'head.parquet');
  const subject = { model: 'flight-delay', policy, modelPath, loaded, predictions, robustness: true };
  return evaluateModel(subject, { tables, scorer, integrityOfFile });
}
const byHour = buildLogisticModel({ inputs: ['hour'], weights: [0.3], bias: -3.6 });

describe('the journey of one model on one holdout', () => {
  test('measures every metric that policy names, on the newest month', async () => {
    const { evaluation, scores } = await evaluate(byHour);
    expect(evaluationSchema.parse(evaluation)).toEqual(evaluation);
    expect(evaluation.holdout).toMatchObject({ from: '2001-04-01', to: '2001-04-30' });
    expect(scores.map(({ length }) => length)).toEqual([evaluation.holdout.rows]);
    expect(evaluation.metrics.map(({ name }) => name)).toEqual(['roc_auc', 'log_loss', 'brier', 'ece', 'accuracy']);
    for (const { value, interval } of evaluation.metrics) {
      expect(interval?.low).toBeLessThan(value);
      expect(interval?.high).toBeGreaterThan(value);
    }
    expect(evaluation.metrics[0]?.value).toBeGreaterThan(0.75);
    expect(evaluation.robustness).toMatchObject({ rows: 2000, deterministic: true });
    expect(evaluation.cost?.latencies?.map(({ rows }) => rows)).toEqual([1, 8, 64, 512]);
  });

  test('writes predictions that give the same metric when read by anyone else', async () => {
    const { evaluation } = await evaluate(byHour);
    const path = join(folder, 'head.parquet');
    expect(await integrityOfFile(path)).toBe(evaluation.predictions.integrity);
    const [seen] = await tables.query(`SELECT count(*) AS rows, avg((score - label) ** 2) AS brier,
      max(row) AS last, count(*) FILTER (origin_region = '(missing)') AS missing FROM read_parquet('${path}')`);
    const brier = evaluation.metrics.find(({ name }) => name === 'brier')?.value ?? Number.NaN;
    expect(seen?.rows).toBe(evaluation.predictions.rows);
    expect(seen?.brier).toBeCloseTo(brier, 12);
    expect(seen?.last).toBe(evaluation.predictions.rows - 1);
    const missing = evaluation.groups.find(({ group }) => group === '(missing)');
    expect(missing?.n).toBe(seen?.missing);
  });

  test('splits by protected column, missing values a group of their own', async () => {
    const { evaluation } = await evaluate(byHour);
    expect(evaluation.groups.map(({ group }) => group)).toEqual(['(missing)', 'east', 'west']);
    expect(evaluation.groups.reduce((sum, { n }) => sum + n, 0)).toBe(evaluation.holdout.rows);
  });

  test('measures a regression', async () => {
    const { evaluation } = await evaluate(buildLogisticModel({ inputs: ['hour'], weights: [0.3], bias: -3.6 }), {
      task: 'regression',
      metrics: { primary: 'rmse', also: ['mae', 'r2'] },
      gates: [],
    });
    expect(evaluation.metrics.map(({ name }) => name)).toEqual(['rmse', 'mae', 'r2']);
    expect(evaluation.groups).toEqual([]);
    expect(evaluation.threshold).toBeNull();
  });

  test('names what is missing and what is there when the inputs do not fit', async () => {
    const model = buildLogisticModel({ inputs: ['weekday', 'origin_region'], weights: [1, 1], bias: 0 });
    await expect(evaluate(model)).rejects.toMatchObject({
      code: 'model-inputs-mismatch',
      message: expect.stringMatching(
        /no column weekday, which input weekday of float32 wants; input origin_region is float32, column origin_region is VARCHAR.*holdout has date, hour, distance, origin_region/,
      ),
    });
  });

  test('refuses a model that takes the label as an input', async () => {
    await expect(evaluate(buildLogisticModel({ inputs: ['late'], weights: [9], bias: -4 }))).rejects.toMatchObject({
      code: 'model-inputs-mismatch',
      message: expect.stringContaining('what the model has to predict'),
    });
  });

  test('refuses a metric of another task', async () => {
    await expect(evaluate(byHour, { metrics: { primary: 'rmse' } })).rejects.toMatchObject({ code: 'metric-unsuited' });
  });
});
