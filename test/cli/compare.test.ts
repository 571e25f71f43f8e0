import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTables } from '../../adapters/duckdb/open-tables.ts';
import { compareVerb } from '../../cli/compare.ts';
import { evaluateVerb } from '../../cli/evaluate.ts';
import { runCommand } from '../../cli/run-command.ts';
import { comparisonSchema } from '../../pipelines/contracts/comparison.ts';
import { evaluationSchema } from '../../pipelines/contracts/evaluation.ts';
import { buildLogisticModel } from '../fixtures/onnx-model.ts';
import { writeFlights } from '../pipelines/evaluation/holdout.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'));
  const tables = await openTables({ threads: 1 });
  await writeFlights(folder, tables);
  tables.close();
  await writeFile(join(folder, 'good.onnx'), buildLogisticModel({ inputs: ['hour'], weights: [0.3], bias: -3.6 }));
  await writeFile(
    join(folder, 'weak.onnx'),
    buildLogisticModel({ inputs: ['distance'], weights: [0.001], bias: -0.5 }),
  );
  await writeFile(
    join(folder, 'pulltrain.yml'),
    `version: 1
models:
  flight-delay:
    task: binary
    output: out/model.onnx
    holdout: { data: data/holdout.parquet, target: late, time: date, window: { newest: month } }
    protected: [origin_region]
    metrics: { primary: roc_auc, also: [brier] }
    gates: [{ metric: roc_auc, noninferior: 0.002 }]
`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function pulltrain(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runCommand(args, [evaluateVerb, compareVerb], {
    directory: folder,
    environment: {},
    interactive: false,
    writeOut: (text) => {
      out += text;
    },
    writeErr: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}
const evaluate = (name: string) =>
  pulltrain('evaluate', '--model', `${name}.onnx`, '--data', 'flights.parquet', '--out', `${name}.json`, '--json');

describe('pulltrain evaluate and compare', () => {
  test('measure two models and compare them on the same rows', async () => {
    for (const name of ['weak', 'good']) {
      const { code, out } = await evaluate(name);
      expect(code).toBe(0);
      expect(evaluationSchema.parse(JSON.parse(out)).predictions.path).toBe(`${name}.parquet`);
    }
    const better = await pulltrain('compare', 'weak.json', 'good.json', '--config', 'pulltrain.yml', '--out', 'c.json');
    expect(better.code).toBe(0);
    expect(better.out).toMatch(/ROC AUC .*0\.\d{4} -> 0\.\d{4} {2}\+0\.\d{4} \[\+0\.\d{4}, \+0\.\d{4}\]/);
    expect(better.out.trim().endsWith('pass')).toBe(true);
    const written = comparisonSchema.parse(JSON.parse(await readFile(join(folder, 'c.json'), 'utf8')));
    expect(written.fairness.map(({ by }) => by)).toContain('origin_region');

    const worse = await pulltrain('compare', 'good.json', 'weak.json', '--config', 'pulltrain.yml', '--json');
    expect(worse.code).toBe(1);
    expect(JSON.parse(worse.out)).toMatchObject({ verdict: { status: 'fail' }, comparison: { kind: 'comparison' } });
    expect((await pulltrain('compare', 'good.json', 'weak.json')).code).toBe(0);
  });

  test('refuse predictions that are not those of the evaluation', async () => {
    await evaluate('good');
    await writeFile(join(folder, 'good.parquet'), 'something else');
    const { code, err } = await pulltrain('compare', 'good.json', 'good.json');
    expect(code).toBe(1);
    expect(err).toContain('the predictions are not those of the evaluation');
  });

  test('answer bad input with a sentence', async () => {
    const missing = await pulltrain('evaluate', '--model', 'none.onnx', '--data', 'flights.parquet');
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('there is no such file') });
    const noModel = await pulltrain('evaluate', '--data', 'flights.parquet');
    expect(noModel).toMatchObject({ code: 2, err: expect.stringContaining('--model is missing') });
    expect((await pulltrain('compare', 'only-one.json')).code).toBe(2);
    expect((await pulltrain('compare', 'pulltrain.yml', 'pulltrain.yml')).err).toContain(
      'not a result of pulltrain evaluate',
    );
    expect((await pulltrain('evaluate', '--help')).out).toContain('Usage: pulltrain evaluate');
  });
});
