/**
 * Natural logarithm of the gamma function for x > 0, to about 1e-15: Stirling's series with Bernoulli terms
 * (Abramowitz & Stegun 6.1.41) from 15 on, and the recurrence down to it.
 */
export function logGamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let shift = 1;
  let at = x;
  for (; at < 15; at += 1) shift *= at;
  const square = 1 / (at * at);
  const series =
    (1 / 12 -
      square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188 - (square * 691) / 360360))))) /
    at;
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - Math.log(shift);
}
