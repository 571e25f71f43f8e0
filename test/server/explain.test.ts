import { beforeAll, describe, expect, test } from 'vitest';
import type { ColumnProfile, Profile } from '../../pipelines/contracts/profile.ts';
import { openExplainer } from '../../server/explain/open-explainer.ts';
import { buildWordModel } from '../fixtures/onnx-word-model.ts';
import { modelOf, openTestServer } from './open-test-server.ts';

/** A column of which half of the rows are `low` and half `high`. */
function halves(name: string, low: number, high: number): ColumnProfile {
  const std = (Math.abs(high - low) / 2) * Math.sqrt(1000 / 999);
  return {
    type: 'numeric',
    name,
    missing: 0,
    mean: (low + high) / 2,
    std,
    edges: [(low + high) / 2],
    counts: [500, 500],
  };
}

function profileOf(...columns: ColumnProfile[]): Profile {
  return {
    kind: 'profile',
    version: 1,
    model: 'm',
    rows: 1000,
    from: null,
    to: null,
    columns,
    score: { type: 'numeric', name: 'score', missing: 0, mean: 0.5, std: 0.1, edges: [], counts: [1000] },
    labelMean: 0.5,
    quality: null,
    thresholds: {},
    chunks: 0,
  };
}

const logistic = (value: number) => 1 / (1 + Math.exp(-value));
const explain = { parameters: { explain: true } };

/** The tensors of an answer by name. */
function tensorsOf(body: Record<string, unknown>): Record<string, { shape: number[]; data: (number | string)[] }> {
  const outputs = Array.isArray(body.outputs) ? body.outputs : [];
  return Object.fromEntries(outputs.map(({ name, ...rest }) => [name, rest]));
}

type Server = Awaited<ReturnType<typeof openTestServer>>;

async function serve(server: Server, bytes: Uint8Array, profile: Profile | null) {
  expect((await server.upload('1.0.0', bytes)).status).toBe(201);
  if (profile !== null) expect((await server.control('PUT', '/versions/1.0.0/profile', profile)).status).toBe(201);
  expect((await server.traffic({ stable: '1.0.0' })).status).toBe(200);
}

describe('a request with the parameter explain', () => {
  const profile = profileOf(halves('x', -1, 1), halves('y', 0, 2));
  let server: Server;
  beforeAll(async () => {
    server = await openTestServer();
    await serve(server, modelOf(2, ['x', 'y']), profile);
    return () => server[Symbol.asyncDispose]();
  });

  test('is told what every input added, which with the baseline is the score', async () => {
    const { status, body } = await server.infer({ x: [0.5, -3], y: [1, 4] }, explain);
    expect(status).toBe(200);
    expect(body.parameters).toEqual({ variant: 'stable', explain_method: 'exact' });
    const { probability, ...given } = tensorsOf(body);
    expect(given['pulltrain.inputs']).toMatchObject({ shape: [2], data: ['x', 'y'] });
    expect(given['pulltrain.contributions']?.shape).toEqual([2, 2]);
    const [baseline = Number.NaN] = (given['pulltrain.baseline']?.data ?? []).map(Number);
    const shap = (given['pulltrain.contributions']?.data ?? []).map(Number);
    probability?.data.forEach((score, row) => {
      expect(baseline + (shap[2 * row] ?? 0) + (shap[2 * row + 1] ?? 0)).toBeCloseTo(Number(score), 6);
    });
    // Each of x = -1, 1 meets each of y = 0, 2 about as often.
    const mean = [-2, 2].flatMap((x) => [0, 2].map((y) => logistic(x + y))).reduce((sum, value) => sum + value, 0) / 4;
    expect(Math.abs(baseline - mean)).toBeLessThan(0.02);
    // v(x) - v() and v(x, y) - v(y), halved.
    const at = (x: number) => (logistic(2 * x) + logistic(2 * x + 2)) / 2;
    const withY = logistic(2) - (logistic(-2 + 1) + logistic(2 + 1)) / 2;
    expect(Math.abs((shap[0] ?? 0) - (at(0.5) - mean + withY) / 2)).toBeLessThan(0.02);
  });

  test('is answered the same every time, and by a version of its choice', async () => {
    const ask = (version?: string) => server.infer({ x: [0.5], y: [1] }, explain, version);
    const [one, two, pinned] = [await ask(), await ask(), await ask('1.0.0')];
    expect(one?.body.outputs).toEqual(two?.body.outputs);
    expect(pinned?.body.outputs).toEqual(one?.body.outputs);
    expect(pinned?.body.parameters).toEqual({ explain_method: 'exact' });
  });

  test('without it nothing is added', async () => {
    for (const more of [{}, { parameters: { explain: false } }]) {
      expect(Object.keys(tensorsOf((await server.infer({ x: [1], y: [1] }, more)).body))).toEqual(['probability']);
    }
  });

  test('is logged once, as the row that was asked about', async () => {
    const marked = await server.infer({ x: [77], y: [1] }, explain);
    expect(marked.status).toBe(200);
    await server.restart();
    expect(server.predictions().filter(({ features }) => features.x === 77)).toHaveLength(1);
    // The profile outlives the process.
    expect((await server.infer({ x: [77], y: [1] }, explain)).status).toBe(200);
  });

  test('is refused with too many rows, before anything is scored', async () => {
    const many = Array.from({ length: 17 }, (_, at) => at + 1000);
    const { status, body } = await server.infer({ x: many, y: many }, explain);
    expect(status).toBe(422);
    expect(body.error).toMatch(/too many rows.*17.*16/);
    await server.restart();
    expect(server.predictions().filter(({ features }) => Number(features.x) >= 1000)).toEqual([]);
  });

  test('must say true or false', async () => {
    const { status, body } = await server.infer({ x: [1], y: [1] }, { parameters: { explain: 'yes' } });
    expect(status).toBe(400);
    expect(body.error).toMatch(/parameter explain.*yes.*true or false/);
  });
});

test('texts, whole numbers and truth values are explained', async () => {
  await using server = await openTestServer();
  const words: ColumnProfile = {
    type: 'categorical',
    name: 'word',
    missing: 0,
    counts: { good: 500, 'b|d`': 500 },
    other: 0,
  };
  const flags: ColumnProfile = {
    type: 'categorical',
    name: 'flag',
    missing: 0,
    counts: { true: 200, false: 800 },
    other: 0,
  };
  const bytes = buildWordModel({ words: { good: 3, 'b|d`': -3 }, perCount: 0.5, whenFlagged: 0 });
  await serve(server, bytes, profileOf(words, halves('count', 1, 3), flags));
  const { status, body } = await server.call('POST', '/v2/models/m/infer', {
    ...explain,
    inputs: [
      { name: 'word', datatype: 'BYTES', shape: [1, 1], data: ['good'] },
      { name: 'count', datatype: 'INT64', shape: [1, 1], data: [1] },
      { name: 'flag', datatype: 'BOOL', shape: [1, 1], data: [true] },
    ],
  });
  expect(body.error).toBeUndefined();
  expect(status).toBe(200);
  const given = tensorsOf(body);
  const [word = 0, count = 0, flag = 1] = (given['pulltrain.contributions']?.data ?? []).map(Number);
  expect(word).toBeGreaterThan(0.3);
  expect(count).toBeLessThan(0);
  // The model does not look at it.
  expect(flag).toBeCloseTo(0, 9);
});

describe('an explanation that cannot be given', () => {
  test('says that the version has no profile and how to bring it', async () => {
    await using server = await openTestServer();
    await serve(server, modelOf(1), null);
    const { status, body } = await server.infer({ x: [1] }, explain);
    expect(status).toBe(422);
    expect(body.error).toMatch(/came without a profile.*profile\.json/);
    expect((await server.infer({ x: [1] })).status).toBe(200);
  });

  test('says which input the profile does not know', async () => {
    await using server = await openTestServer();
    await serve(server, modelOf(1, ['x', 'y']), profileOf(halves('x', 0, 1)));
    const { status, body } = await server.infer({ x: [1], y: [1] }, explain);
    expect(status).toBe(422);
    expect(body.error).toMatch(/does not tell how its inputs are distributed.*y/);
  });

  test('says that a model has too many inputs', async () => {
    await using server = await openTestServer();
    const names = Array.from({ length: 65 }, (_, at) => `x${at}`);
    await serve(server, modelOf(1, names), profileOf(...names.map((name) => halves(name, 0, 1))));
    const row = Object.fromEntries(names.map((name) => [name, [1]]));
    const { status, body } = await server.infer(row, explain);
    expect(status).toBe(422);
    expect(body.error).toMatch(/too many inputs.*65.*64/);
  });

  test('a profile needs the token, a version that is there, and its form', async () => {
    await using server = await openTestServer();
    await serve(server, modelOf(1), null);
    const path = '/pulltrain/models/m/versions/1.0.0/profile';
    expect((await server.call('PUT', path, profileOf())).status).toBe(401);
    expect((await server.control('PUT', '/versions/9.9.9/profile', profileOf())).status).toBe(404);
    const wrong = await server.control('PUT', '/versions/1.0.0/profile', { kind: 'profile' });
    expect(wrong.status).toBe(400);
    expect(wrong.body.error).toMatch(/rows/);
  });
});

test('plain requests are answered while a wide one is explained by sampled coalitions', async () => {
  await using server = await openTestServer();
  const names = Array.from({ length: 20 }, (_, at) => `x${at}`);
  await serve(server, modelOf(1, names), profileOf(...names.map((name) => halves(name, 0, 1))));
  const rows = Object.fromEntries(names.map((name) => [name, [0.3, 0.9, 0.1]]));
  const order: string[] = [];
  const explained = server.infer(rows, explain).finally(() => order.push('explained'));
  await server.infer(rows);
  order.push('plain');
  const { status, body } = await explained;
  expect(status).toBe(200);
  expect(body.parameters).toMatchObject({ explain_method: 'kernel' });
  const { probability, ...given } = tensorsOf(body);
  const shap = (given['pulltrain.contributions']?.data ?? []).map(Number);
  const sum = shap.slice(0, 20).reduce((all, value) => all + value, Number(given['pulltrain.baseline']?.data[0]));
  expect(sum).toBeCloseTo(Number(probability?.data[0]), 6);
  expect(order).toEqual(['plain', 'explained']);
});

test('an explanation that takes too long is given up', async () => {
  const explainer = openExplainer({ rows: 16, inputs: 64, time: -1, waiting: 4 });
  await expect(
    explainer.prepare(aSlot(), aVersion(), 1).then((run) => run({}, Float64Array.of(0))),
  ).rejects.toMatchObject({
    code: 'explanation-timeout',
  });
});

test('a model that answers the same row differently is not explained', async () => {
  let calls = 0;
  const explainer = openExplainer();
  const held = aVersion(() => (calls += 1));
  const feeds = { x: { type: 'float32', dims: [1, 1], data: Float32Array.of(1) } } as const;
  await expect(explainer.prepare(aSlot(), held, 1).then((run) => run(feeds, Float64Array.of(0)))).rejects.toThrow(
    /does not answer the same row in the same way/,
  );
});

/** What an explainer needs of a model with the one input `x`, whose profile is known. */
function aSlot() {
  return { name: 'm', profile: async () => profileOf(halves('x', 0, 1)) };
}

function aVersion(score: () => number = () => 0) {
  return {
    stored: { version: '1.0.0' },
    model: {
      inputs: [{ name: 'x', type: 'float32', shape: [-1, 1] }],
      run: async (_: unknown, rows: number) => ({ outputs: {}, scores: Float64Array.from({ length: rows }, score) }),
    },
  };
}
