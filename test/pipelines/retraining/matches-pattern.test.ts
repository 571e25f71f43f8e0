import { expect, it } from 'vitest';
import { matchesPattern } from '../../../pipelines/retraining/matches-pattern.ts';

it.each([
  ['data/flights-2001-05.parquet', 'data/flights-*.parquet', true],
  ['data/flights-.parquet', 'data/flights-*.parquet', true],
  ['data/deep/flights-1.parquet', 'data/flights-*.parquet', false],
  ['data/flights-1/2.parquet', 'data/flights-*.parquet', false],
  ['data/flights-1xparquet', 'data/flights-*.parquet', false],
  ['xdata/flights-1.parquet', 'data/flights-*.parquet', false],
  ['data/a.parquet', 'data/a.parquet', true],
  ['data/(a)+[b].parquet', 'data/(a)+[b].parquet', true],
])('%s against %s: %s', (path, pattern, expected) => {
  expect(matchesPattern(path, pattern)).toBe(expected);
});
