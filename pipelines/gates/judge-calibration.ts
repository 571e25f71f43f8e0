import type { Gate } from '../config/gate-schema.ts';
import type { Comparison } from '../contracts/comparison.ts';
import { judgeLimit } from './judge-limit.ts';
import { worstPart } from './judge-parts.ts';
import { type Judged, unmeasured } from './judged.ts';
import { slicesOf } from './slices-of.ts';

export type CalibrationGate = Extract<Gate, { calibration: string }>;

/** The name that a kind of calibration error has among the metrics of slices, and what a reader calls it. */
const calibrationMetrics = {
  ece: { metric: 'ece', title: 'calibration error' },
  mean: { metric: 'calibration', title: 'mean score off the mean label' },
} as const;

/** Scores that mean what they say, over all rows or in each group of a column. The value itself decides. */
export function judgeCalibration(gate: CalibrationGate, comparison: Comparison): Judged {
  const { metric, title } = calibrationMetrics[gate.calibration];
  const slices = gate.by === undefined ? undefined : [gate.by];
  const { found, left } = slicesOf(comparison, { metric, slices, min_rows: gate.by === undefined ? 1 : gate.min_rows });
  if (found.length === 0) {
    const why = left.length === 0 ? 'it was not measured' : `not judged: ${left.join(', ')}`;
    return unmeasured('inconclusive', `${title} cannot be told: ${why}`, gate.max);
  }
  const parts = found.map(({ name, measured: { head, interval, n } }) => ({
    name,
    judged: judgeLimit({ name: title, value: head ?? Number.NaN, interval, n }, { max: gate.max }),
  }));
  const [only] = parts;
  if (gate.by === undefined && only !== undefined) return only.judged;
  return worstPart(parts, left);
}
