import { chiSquaredSurvival } from '../statistics/chi-squared-survival.ts';
import { normalQuantile } from '../statistics/normal-quantile.ts';

/** One-sided confidence of a gate. */
const LEVEL = 0.95;

/**
 * How many times as wide an interval of change has to be after `judged` other candidates, of which `limit` are taken as
 * honest work: 1 up to there; beyond it every further one counts twice, until from twice the limit on all of them count.
 *
 * With K answers known, whoever combines K earlier candidates at will gains at most the length of the noise in K
 * directions, which is chi-distributed however the directions were chosen one after the other (Scheffé 1953; the noise that
 * no answer has told of yet stays standard normal). What is new in the candidate adds a normal error of its own, of which
 * only the luck counts: P(reach > c) = P(chi²_K > c²) / 2 + P(chi²_{K+1} > c²) / 2. For K = 0 that is the ordinary
 * one-sided interval.
 */
export function wearFactor(judged: number, limit: number): number {
  const counted = Math.max(0, Math.min(judged, 2 * (judged - limit)));
  return counted === 0 ? 1 : reach(counted) / normalQuantile(LEVEL);
}

/** In standard errors. By bisection: the tail falls. */
function reach(directions: number): number {
  const tail = (c: number) => (chiSquaredSurvival(c * c, directions) + chiSquaredSurvival(c * c, directions + 1)) / 2;
  let low = 0;
  let high = Math.sqrt(directions + 1) + 4;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (tail(middle) > 1 - LEVEL) low = middle;
    else high = middle;
  }
  return high;
}
