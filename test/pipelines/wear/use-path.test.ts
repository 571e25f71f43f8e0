import { describe, expect, test } from 'vitest';
import { integrityOf } from '../../../pipelines/integrity.ts';
import { countUses, usePath, usesFolder } from '../../../pipelines/wear/use-path.ts';

const holdout = integrityOf('rows');
const path = (predictions: string, on = '2026-11-20') =>
  usePath({ holdout, on, predictions: integrityOf(predictions) });

describe('the uses of a holdout', () => {
  test('lie in one folder, by day and predictions', () => {
    expect(path('a')).toMatch(/^holdouts\/[0-9a-f]{64}\/2026-11-20\/[0-9a-f]{64}\.json$/);
    expect(path('a').startsWith(`${usesFolder(holdout)}/`)).toBe(true);
    expect(usesFolder(integrityOf('other rows'))).not.toBe(usesFolder(holdout));
  });

  test('are counted by predictions, in whatever order and however often they came', () => {
    const paths = [path('b'), path('a', '2026-11-22'), path('a'), path('a'), path('c', '2026-11-19')];
    expect(countUses(paths, null)).toEqual({ judged: 3, since: '2026-11-19' });
    expect(countUses(paths.toReversed(), null)).toEqual({ judged: 3, since: '2026-11-19' });
  });

  test('leave out the candidate itself, so that judging it again changes nothing', () => {
    const before = [path('a'), path('b')];
    expect(countUses([...before, path('c')], integrityOf('c'))).toEqual(countUses(before, integrityOf('c')));
    expect(countUses([path('c')], integrityOf('c'))).toEqual({ judged: 0, since: null });
  });

  test('are none where there is nothing, or something else', () => {
    expect(countUses([], null)).toEqual({ judged: 0, since: null });
    expect(countUses([`${usesFolder(holdout)}/README.md`], null)).toEqual({ judged: 0, since: null });
  });
});
