import type { Interval } from '../contracts/common.ts';
import { LEVEL } from '../evaluation/estimate.ts';
import type { JudgedRows } from '../evaluation/judged-rows.ts';
import { highestScores, rightDecisions } from '../evaluation/measure-multiclass.ts';
import { differences, mean, variance } from '../statistics/moments.ts';
import { normalInterval } from '../statistics/normal-interval.ts';

/**
 * How far the mean score lies from the mean label, whichever way: of several classes the score of the decided class from
 * the share of right decisions. Null for tasks without a score that stands for the truth, and without a row.
 */
export function meanCalibration(rows: JudgedRows): { value: number; interval: Interval } | null {
  const off = surplusOf(rows);
  if (off === null || off.length === 0) return null;
  const value = mean(off);
  const { low, high } = normalInterval(value, Math.sqrt(variance(off) / off.length), LEVEL);
  const ends = [Math.abs(low), Math.abs(high)] as const;
  return {
    value: Math.abs(value),
    interval: { low: low <= 0 && high >= 0 ? 0 : Math.min(...ends), high: Math.max(...ends), level: LEVEL },
  };
}

function surplusOf(rows: JudgedRows): Float64Array | null {
  if (rows.task === 'regression') return differences(rows.scores, rows.labels);
  if (rows.task === 'binary') return rows.kind === 'probabilities' ? differences(rows.scores, rows.labels) : null;
  if (rows.task !== 'multiclass' || rows.kind !== 'probabilities') return null;
  return differences(highestScores(rows), rightDecisions(rows));
}
