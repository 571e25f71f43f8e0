/**
 * Upper tail of the standard normal, P(Z > z), without loss of digits far out (normalSurvival(30) is about 4.9e-198).
 * Near the middle the series Phi(z) - 1/2 = phi(z) (z + z^3/3 + z^5/15 + ...), all terms of one sign; further out the
 * continued fraction of Mills' ratio, phi(z) / (z + 1/(z + 2/(z + ...))) (Abramowitz & Stegun 26.2.11 and 26.2.14).
 */
export function normalSurvival(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  if (z < 0) return 1 - normalSurvival(-z);
  if (z === Number.POSITIVE_INFINITY) return 0;
  return z < 2.5 ? 0.5 - density(z) * oddSeries(z) : density(z) / fraction(z);
}

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

function oddSeries(z: number): number {
  let term = z;
  let sum = z;
  for (let odd = 3; term > sum * 1e-17; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return sum;
}

/** Evaluated from the inside; 200 levels are exact to the last digit from 2.5 on. */
function fraction(z: number): number {
  let value = z;
  for (let level = 200; level >= 1; level -= 1) value = z + level / value;
  return value;
}
