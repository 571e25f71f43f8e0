import { logGamma } from './log-gamma.ts';
import type { Random } from './seeded-random.ts';

/**
 * One exact draw of Binomial(trials, p). Counts with a mean under 10 by inversion of the cumulative sum, others by
 * transformed rejection (BTRS; Hörmann 1993, "The generation of binomial random variates").
 */
export function binomialSample(trials: number, p: number, random: Random): number {
  if (trials === 0 || p <= 0) return 0;
  if (p >= 1) return trials;
  if (p > 0.5) return trials - binomialSample(trials, 1 - p, random);
  return trials * p < 10 ? byInversion(trials, p, random) : byRejection(trials, p, random);
}

/** With a mean under 10 nothing past 110 is ever reached; rounding leaves at most a crumb there, and is drawn again. */
function byInversion(trials: number, p: number, random: Random): number {
  const most = Math.min(trials, 110);
  const odds = p / (1 - p);
  const start = Math.exp(trials * Math.log1p(-p));
  for (;;) {
    let left = random();
    let point = start;
    for (let k = 0; k <= most; k += 1) {
      if (left < point) return k;
      left -= point;
      point *= (odds * (trials - k)) / (k + 1);
    }
  }
}

function byRejection(trials: number, p: number, random: Random): number {
  const deviation = Math.sqrt(trials * p * (1 - p));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = trials * p + 0.5;
  const alpha = (2.83 + 5.1 / b) * deviation;
  const squeeze = 0.92 - 4.2 / b;
  const logOdds = Math.log(p / (1 - p));
  const mode = Math.floor((trials + 1) * p);
  const atMode = logGamma(mode + 1) + logGamma(trials - mode + 1);
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const edge = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / edge + b) * u + centre);
    if (edge >= 0.07 && v <= squeeze) return k;
    if (k < 0 || k > trials) continue;
    const height = Math.log((v * alpha) / (a / (edge * edge) + b));
    if (height <= atMode - logGamma(k + 1) - logGamma(trials - k + 1) + (k - mode) * logOdds) return k;
  }
}
