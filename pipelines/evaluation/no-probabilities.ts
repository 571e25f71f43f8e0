import type { MetricName } from '../contracts/evaluation.ts';
import type { ScoreKind } from './judged-rows.ts';
import { metricFacts } from './metric-catalogue.ts';

/** Why a metric cannot be had from these scores; null when it can. */
export function noProbabilities(name: MetricName, kind: ScoreKind, scores: readonly Float64Array[]): string | null {
  const { from } = metricFacts(name);
  if (from === 'decisions') return null;
  if (kind === 'none') return 'there are no scores';
  if (from === 'scores' || kind === 'probabilities') return null;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const column of scores) {
    for (let row = 0; row < column.length; row += 1) {
      const score = column[row] ?? 0;
      if (score < low) low = score;
      if (score > high) high = score;
    }
  }
  if (low >= 0 && high <= 1) return 'the scores are no probabilities: those of a row do not add up to 1';
  return `the scores are no probabilities: they lie in ${Number(low.toPrecision(4))} to ${Number(high.toPrecision(4))}`;
}
