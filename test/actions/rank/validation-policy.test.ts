import { expect, test } from 'vitest';
import { validationPolicy } from '../../../actions/rank/validation-policy.ts';
import { flightsPolicy } from '../../pipelines/evaluation/holdout.ts';

const holdout = {
  data: 'data/holdout.parquet',
  target: 'late',
  time: 'date',
  window: { newest: 'month' },
  fold: { of: 5, use: 3 },
};
const sweep = (validation: Record<string, unknown>) =>
  flightsPolicy({ holdout, sweep: { space: { a: [1] }, validation } });

test('trials are ranked by all rows of the validation data: window and part are those of the holdout', () => {
  const ranked = validationPolicy(sweep({ data: 'data/validation.parquet' }));
  expect(ranked?.holdout).toMatchObject({ data: 'data/validation.parquet', target: 'late' });
  expect(ranked?.holdout).not.toHaveProperty('window');
  expect(ranked?.holdout).not.toHaveProperty('fold');
});

test('a window of their own counts', () => {
  const ranked = validationPolicy(sweep({ data: 'data/validation.parquet', window: { newest: '7d' } }));
  expect(ranked?.holdout.window).toEqual({ newest: '7d' });
});

test('without validation data there is no policy to rank by', () => {
  expect(validationPolicy(flightsPolicy({ holdout }))).toBeNull();
});
