import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openScorer } from '../../../adapters/onnx/open-scorer.ts';
import { robustnessSchema } from '../../../pipelines/contracts/robustness.ts';
import type { LoadedHoldout } from '../../../pipelines/evaluation/load-holdout.ts';
import { observeInputs } from '../../../pipelines/evaluation/observe-inputs.ts';
import type { Scorer } from '../../../pipelines/ports/scorer.ts';
import type { StreamedColumn } from '../../../pipelines/ports/tables.ts';
import { measureRobustness } from '../../../pipelines/robustness/measure-robustness.ts';
import { buildModel, graph, longTensor, type ModelParts } from '../../fixtures/onnx-graph.ts';
import { buildLogisticModel } from '../../fixtures/onnx-model.ts';
import { flightsPolicy } from '../evaluation/holdout.ts';

let folder = '';
let scorer: Scorer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'robustness-'));
  scorer = await openScorer({ total: 2000 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const rows = 400;
const hour = Float64Array.from({ length: rows }, (_, row) => row % 24);
const distance = Float64Array.from({ length: rows }, (_, row) => (row * 7) % 1000);
const labels = Float64Array.from({ length: rows }, (_, row) => Number((row * 5) % 24 < row % 24));

async function stress(
  model: Uint8Array,
  columns: Record<string, StreamedColumn> = { hour, distance },
  changes: Record<string, unknown> = {},
) {
  const path = join(folder, 'model.onnx');
  await writeFile(path, model);
  const open = () => scorer.open(path);
  const sample = Uint32Array.from({ length: rows }, (_, row) => row);
  const seen = observeInputs(
    (async function* () {
      yield columns;
    })(),
    sample,
  );
  for await (const _ of seen.batches);
  const loaded: LoadedHoldout = {
    holdout: { data: 'd', dataIntegrity: 'sha512-x', rule: '', from: null, to: null, rows, integrity: 'sha512-y' },
    columns: new Map(),
    labels,
    classes: ['0', '1'],
    groups: [],
  };
  const opened = await open();
  try {
    const policy = flightsPolicy({ metrics: { primary: 'roc_auc' }, ...changes });
    const found = await measureRobustness(
      { policy, loaded, rows: sample, observed: seen.observed(), seed: 1 },
      opened,
      open,
    );
    expect(robustnessSchema.parse(found)).toEqual(found);
    return found;
  } finally {
    await opened.close();
  }
}

const logistic = buildLogisticModel({ inputs: ['hour', 'distance'], weights: [0.3, 0.0001], bias: -3.6 });
const find = (found: Awaited<ReturnType<typeof stress>>, column: string, kind: string) =>
  found.perturbations.find((one) => one.column === column && one.kind === kind);

describe('a model whose inputs are not as they were', () => {
  test('moves most by what it goes by, and not at all by nothing', async () => {
    const found = await stress(buildLogisticModel({ inputs: ['hour', 'distance'], weights: [0.3, 0], bias: -3.6 }));
    expect(found).toMatchObject({ rows, unit: 'probability', deterministic: true, metric: { name: 'roc_auc' } });
    expect(find(found, 'distance', 'out_of_range')).toMatchObject({
      value: '-995 and 1990 in turn, where the rows have 0 to 995',
      move: { mean: 0, p95: 0, max: 0 },
      changedDecisions: 0,
      worse: 0,
      failure: null,
    });
    const far = find(found, 'hour', 'out_of_range');
    const logit = (value: number) => 1 / (1 + Math.exp(3.6 - 0.3 * value));
    const moves = Array.from(hour, (value, row) => Math.abs(logit(row % 2 === 0 ? -23 : 46) - logit(value)));
    expect(far?.move?.mean).toBeCloseTo(moves.reduce((sum, move) => sum + move, 0) / rows, 6);
    expect(far?.move?.max).toBeCloseTo(Math.max(...moves), 6);
    // Odd rows, and with them late hours, are all yes now, even ones are all no.
    const yes = Array.from(hour, (value) => value >= 12);
    expect(far?.changedDecisions).toBeCloseTo(yes.filter((now, row) => now !== (row % 2 === 1)).length / rows, 12);
    expect(far?.worse).toBeGreaterThan(0.1);
    const noise = find(found, 'hour', 'noise');
    expect(noise?.move?.mean).toBeGreaterThan(0);
    expect(noise?.move?.mean).toBeLessThan(far?.move?.mean ?? 0);
    const worst = found.byKind.find(({ kind }) => kind === 'out_of_range');
    expect(worst).toEqual({
      kind: 'out_of_range',
      tried: 2,
      failures: 0,
      mostChanged: far?.changedDecisions,
      mostMoved: far?.move?.mean,
      mostWorse: far?.worse,
    });
  });

  test('fails where it answers with no number, which names the column and the value', async () => {
    const found = await stress(logistic);
    expect(find(found, 'hour', 'missing')).toMatchObject({
      value: 'missing',
      move: null,
      changedDecisions: null,
      worse: null,
      failure: { kind: 'not-finite', rows, message: `the model answers NaN in ${rows} of ${rows} rows` },
    });
    expect(found.byKind.find(({ kind }) => kind === 'missing')).toMatchObject({
      tried: 2,
      failures: 2,
      mostChanged: null,
    });
    expect(find(found, 'distance', 'garbage')?.failure).toBeNull();
  });

  test('gives the same document each time', async () => {
    expect(await stress(logistic)).toEqual(await stress(logistic));
  });
});

/** A sigmoid of one input that is made a float by some nodes. */
function oneInput(
  type: 'string' | 'int64' | 'int32' | 'bool',
  nodes: ModelParts['nodes'],
  more: Partial<ModelParts> = {},
) {
  return buildModel({
    operatorSets: { '': 17, 'ai.onnx.ml': 3 },
    nodes: [...nodes, { operator: 'Sigmoid', inputs: ['x'], outputs: ['probability'] }],
    inputs: [{ name: 'in', type }],
    outputs: [{ name: 'probability' }],
    ...more,
  });
}
const cast = { operator: 'Cast', inputs: ['in'], outputs: ['x'], attributes: { to: 1 } };

describe('every type of input', () => {
  test('text: an empty one, one that no row has, and nonsense', async () => {
    const encoder = {
      operator: 'LabelEncoder',
      domain: 'ai.onnx.ml',
      inputs: ['in'],
      outputs: ['code'],
      attributes: { keys_strings: ['east', 'west'], values_int64s: [1, -1], default_int64: 0 },
    };
    const model = oneInput('string', [encoder, { ...cast, inputs: ['code'] }]);
    const words = Array.from({ length: rows }, (_, row) => (row % 2 === 0 ? 'east' : 'west'));
    const found = await stress(model, { in: words });
    expect(found.perturbations.map(({ kind, value }) => [kind, value])).toEqual([
      ['missing', 'an empty text'],
      ['unseen', '"never seen"'],
      ['garbage', String.raw`" ", "NaN", "\u202e\ud83d\ude42" and "xxxxxxxx" and so on, 10000 characters in turn`],
    ]);
    for (const { move } of found.perturbations) expect(move?.max).toBeCloseTo(1 / (1 + Math.exp(-1)) - 0.5, 6);
  });

  test('integers know no missing value; their garbage is the ends of the type', async () => {
    const found = await stress(oneInput('int64', [cast]), { in: BigInt64Array.from(hour, BigInt) });
    expect(found.skipped).toEqual([{ column: 'in', kind: 'missing', why: 'int64 knows no missing value' }]);
    expect(found.perturbations.map(({ kind, failure }) => [kind, failure])).toEqual([
      ['out_of_range', null],
      ['noise', null],
      ['garbage', null],
    ]);
    expect(found.perturbations.at(-1)?.value).toBe('-9223372036854775808 and 9223372036854775807 in turn');
    const narrow = await stress(oneInput('int32', [cast]), { in: Int32Array.from(hour) });
    expect(narrow.perturbations.at(-1)?.value).toBe('-2147483648 and 2147483647 in turn');
  });

  test('yes and no can be nothing else', async () => {
    const found = await stress(oneInput('bool', [cast]), { in: Uint8Array.from(hour, (value) => value % 2) });
    expect(found.perturbations).toEqual([]);
    expect(found.skipped.map(({ kind, why }) => [kind, why])).toEqual([
      ['missing', 'a bool is 0 or 1'],
      ['out_of_range', 'a bool is 0 or 1'],
    ]);
  });
});

describe('a model that gives way', () => {
  test('is named with the value that it refuses', async () => {
    // Gather fails for places that are not there.
    const table = { operator: 'ConstantOfShape', inputs: ['size'], outputs: ['table'] };
    const gather = { operator: 'Gather', inputs: ['table', 'in'], outputs: ['x'] };
    const model = oneInput('int64', [table, gather], { weights: [longTensor('size', [1], [24])] });
    const found = await stress(model, { in: BigInt64Array.from(hour, BigInt) });
    const beyond = find(found, 'in', 'out_of_range');
    expect(beyond).toMatchObject({ value: '46', failure: { kind: 'refused' } });
    expect(found.byKind.map(({ kind, failures }) => [kind, failures])).toEqual([
      ['out_of_range', 1],
      ['noise', 1],
      ['garbage', 1],
    ]);
  });

  test('is said to give other answers to the same rows', async () => {
    const model = buildModel({
      nodes: [{ operator: 'RandomUniformLike', inputs: ['hour'], outputs: ['probability'] }],
      inputs: [{ name: 'hour' }],
      outputs: [{ name: 'probability' }],
    });
    expect((await stress(model, { hour })).deterministic).toBe(false);
  });

  test('is asked no more once it has used up its time', async () => {
    // Loops as often as the largest value says.
    const body = graph({
      nodes: [
        { operator: 'Identity', inputs: ['more'], outputs: ['again'] },
        { operator: 'Identity', inputs: ['state'], outputs: ['next'] },
      ],
      inputs: [
        { name: 'turn', type: 'int64', shape: [] },
        { name: 'more', type: 'bool', shape: [] },
        { name: 'state', shape: ['N', 1] },
      ],
      outputs: [
        { name: 'again', type: 'bool', shape: [] },
        { name: 'next', shape: ['N', 1] },
      ],
    });
    const model = oneInput('int64', [
      { operator: 'ReduceMax', inputs: ['in'], outputs: ['turns'], attributes: { keepdims: 0 } },
      { ...cast, outputs: ['start'] },
      { operator: 'Loop', inputs: ['turns', '', 'start'], outputs: ['x'], attributes: { body: { graph: body } } },
    ]);
    const found = await stress(model, { in: BigInt64Array.from(hour, BigInt) });
    expect(find(found, 'in', 'garbage')).toMatchObject({
      failure: { kind: 'crash', message: expect.stringContaining('took too long') },
    });
    expect(find(found, 'in', 'out_of_range')?.failure).toBeNull();
  }, 20_000);
});
