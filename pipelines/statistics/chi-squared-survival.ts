import { logGamma } from './log-gamma.ts';

/**
 * Upper tail of the chi-squared distribution, P(X > x) with `degrees` >= 0 degrees of freedom (0: the constant 0): the
 * regularised incomplete gamma function Q(degrees/2, x/2) (Abramowitz & Stegun 26.4.19), by the series 6.5.29 of its
 * complement below the mean and by the continued fraction 6.5.31, in Lentz's order, above it.
 */
export function chiSquaredSurvival(x: number, degrees: number): number {
  if (Number.isNaN(x) || !(degrees >= 0)) return Number.NaN;
  if (x <= 0) return x === 0 && degrees === 0 ? 0 : 1;
  if (degrees === 0 || x === Number.POSITIVE_INFINITY) return 0;
  const a = degrees / 2;
  const half = x / 2;
  const front = Math.exp(a * Math.log(half) - half - logGamma(a));
  return half < a + 1 ? 1 - front * series(a, half) : front * fraction(a, half);
}

/** Sum of x^n / (a (a+1) ... (a+n)). */
function series(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = a + 1; term > sum * 1e-17; n += 1) {
    term *= x / n;
    sum += term;
  }
  return sum;
}

function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Number.MAX_VALUE;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < 100_000; n += 1) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    const step = c * d;
    value *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  return value;
}
