import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openScorer } from '../../../adapters/onnx/open-scorer.ts';
import type { Scorer } from '../../../pipelines/ports/scorer.ts';
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

describe('scoring in a process of its own', () => {
  test('gives one score per row, in order, over several batches', async () => {
    const rows = 20_000;
    const hour = Float64Array.from({ length: rows }, (_, row) => row % 24);
    const distance = Float64Array.from({ length: rows }, (_, row) => (row % 7) / 7);
    const path = file('good.onnx', logistic);
    const result = await scorer.score(path, async () => ({ hour, distance, unused: hour }), { probability: true });
    expect(result.scores).toHaveLength(rows);
    for (const row of [0, 8191, 8192, rows - 1]) {
      const z = 0.5 * (hour[row] ?? 0) - 0.25 * (distance[row] ?? 0) + 0.1;
      expect(result.scores[row]).toBeCloseTo(1 / (1 + Math.exp(-z)), 6);
    }
    expect(result.sha256).toBe(createHash('sha256').update(logistic).digest('hex'));
    expect(result.size).toBe(logistic.length);
    expect(result.rowsPerSecond).toBeGreaterThan(0);
    expect(result.latencyP95Ms).toBeGreaterThanOrEqual(result.latencyP50Ms);
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
    const scored = scorer.score(path, async () => ({ weekday: Float64Array.of(1) }), { probability: true });
    await expect(scored).rejects.toMatchObject({
      code: 'model-inputs-mismatch',
      message: expect.stringMatching(/no column hour; no column distance.*the holdout has weekday/),
    });
  });

  test('a score that is no number is refused', async () => {
    const path = file('nan.onnx', logistic);
    const columns = { hour: Float64Array.of(1, Number.NaN), distance: Float64Array.of(1, 1) };
    await expect(scorer.score(path, async () => columns, { probability: true })).rejects.toMatchObject({
      code: 'model-output-invalid',
      message: expect.stringContaining('NaN in row 1'),
    });
  });
});

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
    await expect(
      narrow.score(file('large.onnx', logistic), async () => columns, { probability: true }),
    ).rejects.toMatchObject({
      code: 'model-memory',
    });
  });
});
