import { mean, variance } from './moments.ts';
import { normalCdf } from './normal-cdf.ts';
import { normalQuantile } from './normal-quantile.ts';
import { quantile } from './quantile.ts';

/** Leave-one-out values, and how often each stands for a unit that was left out (once when left out). */
export type LeftOut = { values: Float64Array; counts?: Float64Array };

type BootstrapConfidence = {
  standardError: number;
  /** The bound below which the true value lies with this one-sided confidence. */
  bound(level: number): number;
  /** Two-sided p of the hypothesis that the true value is 0; at least 2 / (draws + 1). */
  p: number;
  draws: number;
};

/**
 * What bootstrap replicates say of an estimate: by their percentiles, or bias-corrected and accelerated (BCa; Efron 1987)
 * where `leftOut` gives the jackknife: z0 is the normal quantile of the share of replicates below the estimate, ties by
 * half, and a = sum d^3 / (6 (sum d^2)^(3/2)) with d the mean of the left-out values minus each. Undefined replicates (NaN)
 * are left out; null when fewer than half are defined.
 */
export function bootstrapConfidence(
  estimate: number,
  replicates: Float64Array,
  leftOut: LeftOut | null,
): BootstrapConfidence | null {
  const sorted = replicates.filter((value) => !Number.isNaN(value)).sort();
  const draws = sorted.length;
  if (Number.isNaN(estimate) || draws === 0 || 2 * draws < replicates.length) return null;
  const standardError = Math.sqrt(variance(sorted));
  const shift = leftOut === null ? 0 : normalQuantile(shareBelow(sorted, estimate));
  const a = leftOut === null ? 0 : acceleration(leftOut);
  const bound = (level: number) => {
    const reach = shift + normalQuantile(level);
    const stretched = 1 - a * reach;
    return quantile(sorted, stretched > 0 ? normalCdf(shift + reach / stretched) : level);
  };
  return { standardError, bound, p: pOfZero(sorted, { shift, a }), draws };
}

/** Share of the replicates below a value, ties by half, kept away from 0 and 1 by half a replicate. */
function shareBelow(sorted: Float64Array, value: number): number {
  let below = 0;
  for (const one of sorted) below += one < value ? 1 : one === value ? 0.5 : 0;
  return (below + 0.5) / (sorted.length + 1);
}

function acceleration({ values, counts = values.map(() => 1) }: LeftOut): number {
  const total = mean(counts) * counts.length;
  const centre = mean(values.map((value, at) => value * (counts[at] ?? 0))) * (values.length / total);
  let squares = 0;
  let cubes = 0;
  values.forEach((value, at) => {
    const off = centre - value;
    if (Number.isNaN(off)) return;
    squares += (counts[at] ?? 0) * off ** 2;
    cubes += (counts[at] ?? 0) * off ** 3;
  });
  return squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
}

/** The level at which 0 is the bound, by the inverse of the corrected levels; replicates of 0 count by half on either side. */
function pOfZero(sorted: Float64Array, { shift, a }: { shift: number; a: number }): number {
  const [first = 0] = sorted;
  if (first === 0 && sorted.at(-1) === 0) return 1;
  const reach = normalQuantile(shareBelow(sorted, 0)) - shift;
  const shrunk = 1 + a * reach;
  const below = shrunk > 0 ? normalCdf(reach / shrunk - shift) : shareBelow(sorted, 0);
  return Math.min(1, Math.max(2 / (sorted.length + 1), 2 * Math.min(below, 1 - below)));
}
