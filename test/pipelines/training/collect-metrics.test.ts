import { expect, it } from 'vitest';
import { collectMetrics } from '../../../pipelines/training/collect-metrics.ts';

const collect = (files: Record<string, string>) =>
  collectMetrics(Object.keys(files), { readText: async (path) => files[path] ?? null });

it('takes the numbers of JSON and YAML by dotted name', async () => {
  expect(
    await collect({ 'a.json': '{"auc":0.6,"train":{"rows":3,"note":"x"},"list":[1]}', 'b.yaml': 'loss: 1e-3\n' }),
  ).toEqual({
    auc: 0.6,
    'train.rows': 3,
    loss: 0.001,
  });
});

it('keeps the first of two files that use one name, and names the other', async () => {
  expect(await collect({ 'a.json': '{"auc":1}', 'b.json': '{"auc":2}' })).toEqual({ auc: 1, 'b.json:auc': 2 });
});

it.each(['', 'not metrics', '[1]', '{"auc":NaN}', '{"a":', 'auc: .inf', '3'])('takes nothing from %j', async (text) => {
  expect(await collect({ 'a.json': text })).toEqual({});
});

it('takes no more than a page of numbers', async () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`m${index}`, index]));
  expect(Object.keys(await collect({ 'a.json': JSON.stringify(many) }))).toHaveLength(200);
});
