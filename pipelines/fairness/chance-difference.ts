import type { Disparity, FairnessMeasure } from '../contracts/fairness.ts';
import { binomialSample } from '../statistics/binomial-sample.ts';
import type { Random } from '../statistics/seeded-random.ts';
import { standardNormal } from '../statistics/standard-normal.ts';
import { confusionOf, decisionMeasures } from './decision-measures.ts';
import type { GroupFacts } from './group-facts.ts';

/** Draws of single groups that one measure may cost; with very many groups there are fewer rounds. */
const MOST_DRAWS = 1_000_000;
const LEAST_ROUNDS = 200;
/** Variance of a count from which on the normal distribution is drawn in place of the binomial, many times as fast. */
const MANY = 50;

/**
 * How large the largest difference is when all groups are alike and only their sizes differ: rates drawn around their
 * common rate, means and areas around a common value by their own errors. Null where that cannot be drawn, and for fewer
 * than two groups.
 */
export function chanceDifference(
  measure: FairnessMeasure,
  groups: readonly GroupFacts[],
  observed: number | null,
  { resamples, random }: { resamples: number; random: Random },
): Disparity['chance'] {
  const noise = groups.length < 2 || observed === null ? null : noiseOf(measure, groups, random);
  if (noise === null || observed === null) return null;
  const rounds = Math.min(resamples, Math.max(LEAST_ROUNDS, Math.floor(MOST_DRAWS / groups.length)));
  let [sum, hits] = [0, 0];
  for (let round = 0; round < rounds; round += 1) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const draw of noise) {
      const value = draw();
      if (value < low) low = value;
      if (value > high) high = value;
    }
    sum += high - low;
    // Rates are quotients of counts: a tie must not be lost to rounding.
    if (high - low >= observed - 1e-12) hits += 1;
  }
  return { difference: sum / rounds, p: (1 + hits) / (1 + rounds) };
}

function noiseOf(measure: FairnessMeasure, groups: readonly GroupFacts[], random: Random): (() => number)[] | null {
  const rate = decisionMeasures.find((known) => known.measure === measure);
  if (rate === undefined) {
    const errors = groups.map(({ normals }) => normals.find((fact) => fact.measure === measure)?.head.error);
    return errors.every((error) => error !== undefined && Number.isFinite(error))
      ? errors.map(
          (error = 0) =>
            () =>
              error * standardNormal(random),
        )
      : null;
  }
  const { numerator, denominator } = rate;
  if (numerator === null) return null;
  const counts = groups.map(({ cells }) => confusionOf(cells));
  const sizes = counts.map(denominator);
  const pooled = sumOf(counts.map(numerator)) / sumOf(sizes);
  const deviation = Math.sqrt(pooled * (1 - pooled));
  return sizes.map((size) =>
    size * deviation * deviation > MANY
      ? () => pooled + (deviation / Math.sqrt(size)) * standardNormal(random)
      : () => binomialSample(size, pooled, random) / size,
  );
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
