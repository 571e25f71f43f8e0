import { expect, test } from 'vitest';
import type { SeenRows } from '../../pipelines/contracts/judgement.ts';
import { seenRowsFacts } from '../../reports/seen-rows-facts.ts';

const seen: SeenRows = {
  model: 'head',
  path: 'data/train.parquet',
  columns: 14,
  rows: 2586,
  of: 16_280,
  expected: 0.222,
  limit: 0.01,
  status: 'warning',
};

test('tells what was found and what chance explains', () => {
  expect(seenRowsFacts([seen])).toEqual([
    '- Rows of the holdout that also are in `data/train.parquet` of the candidate: 2,586 of 16,280 (16 %; chance explains 22 % at most), by all 14 common columns',
  ]);
});

test('tells that nothing was found, and of whom', () => {
  expect(seenRowsFacts([{ ...seen, model: 'base', rows: 0, columns: 1, path: 'a`b|c' }])).toEqual([
    '- Rows of the holdout that also are in a\\`b\\|c of the base: 0 of 16,280, by the one common column',
  ]);
});
