import { appendFileSync, chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Prediction } from '../../../pipelines/contracts/prediction.ts';
import { openPredictionLog } from '../../../server/log/open-prediction-log.ts';
import { temporaryDirectory } from '../../fixtures/git-repository.ts';

const row = (id: string, change: Partial<Prediction> = {}): Prediction => ({
  v: 1,
  id,
  request: 'r',
  row: 0,
  at: '2026-01-01T10:59:59.999Z',
  model: 'm',
  version: '1.0.0',
  sha256: 'a'.repeat(64),
  variant: 'stable',
  rollout: null,
  features: { x: 1 },
  score: 0.5,
  status: 'ok',
  latencyMs: 1,
  ...change,
});
const idsOf = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).id);
const silent = () => undefined;

test('rows go into the hour in which they were answered, one folder per model', async () => {
  using folder = temporaryDirectory();
  const log = openPredictionLog(folder.path, silent);
  log.append([row('a'), row('b', { at: '2026-01-01T11:00:00.000Z' }), row('c', { model: 'n' })]);
  await log.flush();
  log.append([row('d', { at: '2026-01-01T11:30:00.000Z' })]);
  await log.close();
  expect(readdirSync(join(folder.path, 'm'))).toEqual(['2026-01-01T10.jsonl', '2026-01-01T11.jsonl']);
  expect(idsOf(join(folder.path, 'm', '2026-01-01T11.jsonl'))).toEqual(['b', 'd']);
  expect(idsOf(join(folder.path, 'n', '2026-01-01T10.jsonl'))).toEqual(['c']);
});

test('rows reach the disk by themselves within a second', async () => {
  using folder = temporaryDirectory();
  const log = openPredictionLog(folder.path, silent);
  log.append([row('a')]);
  await new Promise((resolve) => setTimeout(resolve, 900));
  expect(idsOf(join(folder.path, 'm', '2026-01-01T10.jsonl'))).toEqual(['a']);
  await log.close();
});

test.each(['{"v":1,"id":"to', `{"id":"${'x'.repeat(200_000)}`])(
  'a line that a crash cut short is dropped before the next one',
  async (torn) => {
    using folder = temporaryDirectory();
    const path = join(folder.path, 'm', '2026-01-01T10.jsonl');
    const first = openPredictionLog(folder.path, silent);
    first.append([row('a'), row('b')]);
    await first.close();
    appendFileSync(path, torn);
    const second = openPredictionLog(folder.path, silent);
    second.append([row('c')]);
    await second.close();
    expect(idsOf(path)).toEqual(['a', 'b', 'c']);
  },
);

test('a segment that is nothing but a torn line starts again', async () => {
  using folder = temporaryDirectory();
  mkdirSync(join(folder.path, 'm'));
  writeFileSync(join(folder.path, 'm', '2026-01-01T10.jsonl'), '{"v":');
  const log = openPredictionLog(folder.path, silent);
  log.append([row('a')]);
  await log.close();
  expect(idsOf(join(folder.path, 'm', '2026-01-01T10.jsonl'))).toEqual(['a']);
});

test('what the disk refuses is kept and written when it takes it again', async () => {
  using folder = temporaryDirectory();
  const faults: unknown[] = [];
  // A file where the folder of the model should be: nothing can be written below it.
  writeFileSync(join(folder.path, 'm'), '');
  const log = openPredictionLog(folder.path, (fault) => faults.push(fault));
  log.append([row('a')]);
  await expect(log.flush()).rejects.toThrow();
  log.append([row('b')]);
  rmSync(join(folder.path, 'm'));
  await log.flush();
  await log.close();
  expect(idsOf(join(folder.path, 'm', '2026-01-01T10.jsonl'))).toEqual(['a', 'b']);
  expect(log.dropped()).toBe(0);
});

test('when the disk takes nothing for too long, rows are dropped and counted', async () => {
  using folder = temporaryDirectory();
  writeFileSync(join(folder.path, 'm'), '');
  const log = openPredictionLog(folder.path, silent);
  const large = 'x'.repeat(2 ** 20);
  for (let index = 0; index < 40; index += 1) log.append([row(String(index), { request: large })]);
  expect(log.dropped()).toBeGreaterThan(5);
  await expect(log.close()).rejects.toThrow();
  chmodSync(folder.path, 0o755);
});
