import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openScorer } from '../../../adapters/onnx/open-scorer.ts';
import type { AnswerKind, ScoreBatches, Scorer } from '../../../pipelines/ports/scorer.ts';
import { buildLogisticModel } from '../../fixtures/onnx-model.ts';

let folder = '';
let scorer: Scorer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scorer-'));
  scorer = await openScorer();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const logistic = buildLogisticModel({ inputs: ['hour', 'distance'], weights: [0.5, -0.25], bias: 0.1 });
function file(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function score(path: string, batches: ScoreBatches, kind: AnswerKind = 'one', by = scorer) {
  const model = await by.open(path);
  try {
    return await model.score(batches, kind);
  } finally {
    await model.close();
  }
}

/** Columns cut into batches. */
function* inBatches(columns: Record<string, Float64Array>, size: number) {
  const rows = Math.max(...Object.values(columns).map(({ length }) => length));
  for (let start = 0; start < rows; start += size) {
    yield Object.fromEntries(Object.entries(columns).map(([name, all]) => [name, all.slice(start, start + size)]));
  }
}

describe('scoring in a process of its own', () => {
  test('gives one score per row, in order, over several batches', async () => {
    const rows = 20_000;
    const hour = Float64Array.from({ length: rows }, (_, row) => row % 24);
    const distance = Float64Array.from({ length: rows }, (_, row) => (row % 7) / 7);
    const path = file('good.onnx', logistic);
    const model = await scorer.open(path);
    const result = await model.score(inBatches({ hour, distance, unused: hour }, 8192), 'one');
    await model.close();
    expect([result.rows, result.width]).toEqual([rows, 1]);
    for (const row of [0, 8191, 8192, rows - 1]) {
      const z = 0.5 * (hour[row] ?? 0) - 0.25 * (distance[row] ?? 0) + 0.1;
      expect(result.values[row]).toBeCloseTo(1 / (1 + Math.exp(-z)), 6);
    }
    expect(model.description.sha256).toBe(createHash('sha256').update(logistic).digest('hex'));
    expect(model.description.size).toBe(logistic.length);
    expect(result.seconds).toBeGreaterThan(0);
  });

  test('an open model answers many questions with one loading, and goes on after one it cannot answer', async () => {
    const model = await scorer.open(file('asked.onnx', logistic));
    const rows = { hour: Float64Array.of(1, 2), distance: Float64Array.of(0, 0) };
    const first = await model.score([rows], 'one');
    await expect(model.score([{ hour: ['one'], distance: rows.distance.slice(1) }], 'one')).rejects.toMatchObject({
      code: 'model-inputs-mismatch',
    });
    await expect(
      model.score(
        (function* () {
          yield rows;
          throw new Error('the disk is on fire');
        })(),
        'one',
      ),
    ).rejects.toThrow('the disk is on fire');
    expect((await model.score([rows, rows], 'one')).values).toEqual(Float64Array.of(...first.values, ...first.values));
    await model.close();
  });

  test('latencies of every size that there are rows for, in order', async () => {
    const model = await scorer.open(file('timed.onnx', logistic));
    const columns = { hour: new Float64Array(64), distance: new Float64Array(64) };
    const latencies = await model.time(columns, [1, 8, 64, 512]);
    expect(latencies.map(({ rows }) => rows)).toEqual([1, 8, 64]);
    for (const { calls, p50Ms, p95Ms, p99Ms } of latencies) {
      expect(calls).toBeGreaterThanOrEqual(5);
      expect(p50Ms).toBeGreaterThan(0);
      expect(p95Ms).toBeGreaterThanOrEqual(p50Ms);
      expect(p99Ms).toBeGreaterThanOrEqual(p95Ms);
    }
    if (process.platform === 'linux') expect(await model.peakMemory()).toBeGreaterThan(2 ** 24);
    await model.close();
  });

  test('nothing is asked of a model that is closed', async () => {
    const model = await scorer.open(file('closed.onnx', logistic));
    await model.close();
    await model.close();
    await expect(
      model.score([{ hour: Float64Array.of(1), distance: Float64Array.of(1) }], 'one'),
    ).rejects.toMatchObject({ code: 'model-crashed' });
  });

  test('what keeps the rows from being read is told as it is', async () => {
    async function* broken() {
      yield { hour: Float64Array.of(1), distance: Float64Array.of(1) };
      throw new Error('the disk is on fire');
    }
    await expect(score(file('unread.onnx', logistic), broken())).rejects.toThrow('the disk is on fire');
  });

  test('describes inputs and outputs without any rows', async () => {
    expect(await scorer.describe(file('described.onnx', logistic))).toMatchObject({
      inputs: [
        { name: 'hour', type: 'float32', shape: [-1, 1] },
        { name: 'distance', type: 'float32', shape: [-1, 1] },
      ],
      outputs: [{ name: 'probability', type: 'float32', shape: [-1, 1] }],
    });
  });

  test('names every missing column and those the holdout has', async () => {
    const path = file('mismatch.onnx', logistic);
    const scored = score(path, [{ weekday: Float64Array.of(1) }]);
    await expect(scored).rejects.toMatchObject({
      code: 'model-inputs-mismatch',
      message: expect.stringMatching(/no column hour; no column distance.*the rows have weekday/),
    });
  });
});

test.runIf(!existsSync('/dev/nvidiactl'))(
  'a GPU that is not there is told as such, and no fault of the model',
  async () => {
    const onGpu = await openScorer({ provider: 'cuda' });
    await expect(onGpu.describe(file('gpu.onnx', logistic))).rejects.toMatchObject({
      code: 'provider-missing',
      message: expect.stringMatching(/cannot use CUDA on this machine.*cuDNN 9.*--provider cpu/s),
    });
    await expect(onGpu.describe(file('no-model.onnx', 'text'))).rejects.toMatchObject({ code: 'model-not-onnx' });
  },
);

describe('a file that is no honest model', () => {
  test.each([
    ['text', 'not a model at all'],
    ['nothing', ''],
    ['a truncated model', logistic.subarray(0, logistic.length - 40)],
    ['a pickle', Buffer.from('80049525000000', 'hex')],
    ['a message without a graph', Uint8Array.of(0x08, 0x08)],
  ])('%s is not ONNX', async (name, bytes) => {
    await expect(scorer.describe(file(`${name}.onnx`, bytes))).rejects.toMatchObject({ code: 'model-not-onnx' });
  });

  test('an absent file is not ONNX', async () => {
    await expect(scorer.describe(join(folder, 'absent.onnx'))).rejects.toMatchObject({ code: 'model-not-onnx' });
  });

  test('links, folders and giants are refused', async () => {
    const target = file('target.onnx', logistic);
    const link = join(folder, 'link.onnx');
    symlinkSync(target, link);
    mkdirSync(join(folder, 'folder.onnx'));
    await expect(scorer.describe(link)).rejects.toMatchObject({ code: 'model-not-onnx' });
    await expect(scorer.describe(join(folder, 'folder.onnx'))).rejects.toMatchObject({ code: 'model-refused' });
    const small = await openScorer({ file: 100 });
    await expect(small.describe(target)).rejects.toMatchObject({ code: 'model-refused' });
    linkSync(target, join(folder, 'hard.onnx'));
    expect(await scorer.describe(join(folder, 'hard.onnx'))).toMatchObject({ size: logistic.length });
  });
});

describe('limits', () => {
  test('a process that takes too long is killed', async () => {
    const hurried = await openScorer({ time: 20 });
    await expect(hurried.describe(file('slow.onnx', logistic))).rejects.toMatchObject({ code: 'model-timeout' });
  });

  test.runIf(process.platform === 'linux')('a process that grows too large is killed', async () => {
    const narrow = await openScorer({ memory: 2 ** 24 });
    const columns = { hour: new Float64Array(3_000_000), distance: new Float64Array(3_000_000) };
    await expect(score(file('large.onnx', logistic), [columns], 'one', narrow)).rejects.toMatchObject({
      code: 'model-memory',
    });
  });
});
