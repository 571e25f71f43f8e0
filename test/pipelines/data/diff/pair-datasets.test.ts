import { describe, expect, it } from 'vitest';
import { pairDatasets } from '../../../../pipelines/data/diff/pair-datasets.ts';

const data = (path: string, integrity = path) => ({ path, integrity });
const paths = (pairs: ReturnType<typeof pairDatasets>) => pairs.map(({ base, head }) => [base.path, head.path]);

describe('datasets of a change', () => {
  it('stand for those at their path', () => {
    const pairs = pairDatasets([data('a', '1'), data('b', '2')], [data('a', '9'), data('b', '2')]);
    expect(paths(pairs)).toEqual([['a', 'a']]);
  });

  it('stand for those whose path a parameter replaced', () => {
    const pairs = pairDatasets(
      [data('data/flights-2001-03.parquet'), data('data/airports.csv')],
      [data('data/airports.csv'), data('data/flights-2001-05.parquet')],
    );
    expect(paths(pairs)).toEqual([['data/flights-2001-03.parquet', 'data/flights-2001-05.parquet']]);
  });

  it('are taken once, the most alike first', () => {
    const pairs = pairDatasets(
      [data('x/old.csv'), data('train-1.csv')],
      [data('train-2.csv'), data('x/new.csv'), data('z')],
    );
    expect(paths(pairs)).toEqual([
      ['train-1.csv', 'train-2.csv'],
      ['x/old.csv', 'x/new.csv'],
    ]);
  });

  it('are no change when only their name is another', () => {
    expect(pairDatasets([data('a', '1')], [data('b', '1')])).toEqual([]);
  });
});
