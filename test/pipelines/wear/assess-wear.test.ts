import { describe, expect, test } from 'vitest';
import { assessWear } from '../../../pipelines/wear/assess-wear.ts';
import { flightsPolicy } from '../evaluation/holdout.ts';

const rule = (changes: Record<string, unknown> = {}) =>
  flightsPolicy({ holdout: { data: 'data/holdout.parquet', target: 'late', time: 'date', ...changes } }).holdout;
const uses = (judged: number) => ({ judged, since: judged === 0 ? null : '2026-10-01' });

describe('the wear of a holdout', () => {
  test('is only counted while there is little of it', () => {
    expect(assessWear(uses(0), rule())).toEqual({
      wear: { judged: 0, since: null, warn: 50, limit: 200, factor: 1 },
      warnings: [],
    });
    expect(assessWear(uses(49), rule()).warnings).toEqual([]);
  });

  test('is warned of from the number of the policy on, with the cure that fits', () => {
    const warned = (changes: Record<string, unknown>) => assessWear(uses(3), rule({ wear: { warn: 3 }, ...changes }));
    expect(warned({}).wear.factor).toBe(1);
    expect(warned({}).warnings).toEqual([
      {
        code: 'holdout-worn',
        message: expect.stringMatching(
          /^These rows have judged 3 other candidates since 2026-10-01, .* After 200 .*holdout\.fold/,
        ),
      },
    ]);
    expect(warned({ window: { newest: 'month' } }).warnings[0]?.message).toMatch(
      /newer labelled rows to data\/holdout/,
    );
    expect(warned({ fold: { of: 5, use: 2 } }).warnings[0]?.message).toMatch(/\/rotate-holdout proposes part 3 of 5/);
    expect(warned({ fold: { of: 5, use: 5 } }).warnings[0]?.message).toMatch(/Add labelled rows/);
  });

  test('widens the intervals beyond the limit, and says by how much', () => {
    const { wear, warnings } = assessWear(uses(60), rule({ wear: { warn: 50, limit: 10 } }));
    expect(wear.factor).toBeGreaterThan(5);
    expect(warnings[0]?.message).toContain(`${wear.factor.toFixed(1)} times as wide`);
    expect(assessWear(uses(1), rule({ wear: { warn: 50, limit: 0 } })).warnings).toHaveLength(1);
  });
});
