/** P(X >= successes) for X ~ Binomial(trials, share), summed exactly in logarithms. */
export function binomialTail(successes: number, trials: number, share: number): number {
  if (successes <= 0) return 1;
  if (successes > trials) return 0;
  const odds = Math.log(share) - Math.log1p(-share);
  let logTerm = trials * Math.log1p(-share);
  let sum = 0;
  for (let k = 1; k <= trials; k += 1) {
    logTerm += Math.log(trials - k + 1) - Math.log(k) + odds;
    if (k >= successes) sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}
