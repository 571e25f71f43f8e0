import { expect, test } from 'vitest';
import type { SeenRows } from '../../../pipelines/contracts/judgement.ts';
import { tellSeenRows } from '../../../pipelines/evaluation/tell-seen-rows.ts';

const seen: SeenRows = {
  model: 'head',
  path: 'data/train.parquet',
  columns: 9,
  rows: 4812,
  of: 5000,
  expected: 0.004,
  limit: 0.01,
  status: 'leak',
};

test('a leak of the candidate stops the judgement and says what to do', () => {
  const { problems, warnings } = tellSeenRows('The candidate', seen);
  expect(warnings).toEqual([]);
  expect(problems).toEqual([
    {
      code: 'holdout-leak',
      message:
        'The candidate was trained on rows that judge it: 4812 of 5000 rows of the holdout (96 %) equal a row of data/train.parquet in all 9 columns that both have, and chance explains 0.40 % at most. Take them out of the training data; where they are no leak, raise holdout.max_seen.',
    },
  ]);
});

test('a leak of the base is told, and stops no pull request', () => {
  const { problems, warnings } = tellSeenRows('m@v1.0.0', { ...seen, model: 'base' });
  expect(problems).toEqual([]);
  expect(warnings[0]?.message).toMatch(/^m@v1\.0\.0 was trained on rows that judge it: .* the candidate worse\.$/);
});

test('rows that chance explains are told as that', () => {
  const { problems, warnings } = tellSeenRows('The candidate', {
    ...seen,
    status: 'warning',
    expected: 0.97,
    columns: 1,
  });
  expect(problems).toEqual([]);
  expect(warnings[0]?.message).toMatch(/in the one column that both have\. Chance explains as many as 97 %/);
});

test('few rows are no word worth', () => {
  expect(tellSeenRows('The candidate', { ...seen, status: 'pass' })).toEqual({ problems: [], warnings: [] });
});
