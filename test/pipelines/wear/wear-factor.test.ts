import { describe, expect, test } from 'vitest';
import { pairedMeanDifference } from '../../../pipelines/statistics/paired-mean-difference.ts';
import { squaredErrors } from '../../../pipelines/statistics/row-losses.ts';
import { type Random, seededRandom } from '../../../pipelines/statistics/seeded-random.ts';
import { wearFactor } from '../../../pipelines/wear/wear-factor.ts';

describe('the factor of a worn holdout', () => {
  test.each([
    // Mixture of chi-squared tails solved with SciPy's brentq, by the normal quantile of 0.95.
    [1, 0, 1.378116351504847],
    [10, 0, 2.6531249847466642],
    [50, 0, 5.017358969987393],
    [200, 0, 9.310795412881365],
    [400, 200, 12.870447456880923],
    [205, 200, 2.6531249847466642],
  ])('after %d candidates with a limit of %d', (judged, limit, expected) => {
    expect(wearFactor(judged, limit)).toBeCloseTo(expected, 9);
  });

  test('is 1 up to the limit, rises with every candidate, and takes no jump', () => {
    expect([0, 1, 199, 200].map((judged) => wearFactor(judged, 200))).toEqual([1, 1, 1, 1]);
    const factors = Array.from({ length: 300 }, (_, index) => wearFactor(200 + index, 200));
    const steps = factors.slice(1).map((factor, index) => factor - (factors[index] ?? 0));
    expect(Math.min(...steps)).toBeGreaterThan(0);
    expect(Math.max(...steps)).toBeLessThan(0.8);
  });
});

const ROWS = 400;
const LOOKS = 30;
const LIMIT = 15;
const EPSILON = 0.01;
const ONE_SIDED = 1.6448536269514722;

type World = { labels: Float64Array; base: Float64Array };

/** Labels of which the base knows everything that can be known: no change of it is an improvement. */
function drawWorld(random: Random, rows = ROWS): World {
  const base = Float64Array.from({ length: rows }, () => 0.1 + 0.8 * random());
  return { base, labels: base.map((chance) => Number(random() < chance)) };
}

/** What a judgement tells of a candidate: the change of the Brier score and its standard error. */
function judge({ labels, base }: World, candidate: Float64Array) {
  return pairedMeanDifference(squaredErrors(labels, base), squaredErrors(labels, candidate));
}

/** Shown to be better by the end of the one-sided interval, at this width. */
function isShownBetter({ value, standardError }: { value: number; standardError: number }, factor: number): boolean {
  return value + factor * ONE_SIDED * standardError < 0;
}

/** Tries coin flips, keeps what the answers say of each, and ends with all of them combined, weighted by their answers. */
function climb(world: World, random: Random) {
  const combined = new Float64Array(ROWS);
  for (let look = 0; look < LOOKS; look += 1) {
    const coins = Float64Array.from({ length: ROWS }, () => (random() < 0.5 ? 1 : -1));
    const gain = -judge(
      world,
      world.base.map((score, row) => score + EPSILON * (coins[row] ?? 0)),
    ).value;
    for (let row = 0; row < ROWS; row += 1) combined[row] = (combined[row] ?? 0) + gain * (coins[row] ?? 0);
  }
  const size = Math.sqrt(combined.reduce((sum, one) => sum + one * one, 0) / ROWS);
  return judge(
    world,
    world.base.map((score, row) => score + (EPSILON * (combined[row] ?? 0)) / size),
  );
}

/** Takes over every coin flip that the answer calls an improvement, one after the other. */
function creep(world: World, random: Random) {
  let best = world.base;
  let value = 0;
  for (let look = 0; look < LOOKS; look += 1) {
    const next = best.map((score) => score + EPSILON * (random() < 0.5 ? 1 : -1));
    const answer = judge(world, next).value;
    if (answer < value) [best, value] = [next, answer];
  }
  return judge(world, best);
}

describe('whoever climbs the holdout', () => {
  const worlds = Array.from({ length: 40 }, (_, seed) => seed);
  const factor = wearFactor(LOOKS, LIMIT);

  test.each([
    ['by combining what the answers said of coin flips', climb],
    ['by keeping every coin flip that the answer liked', creep],
  ])('%s is called better nearly always without the rule, and hardly ever with it', (_, attack) => {
    const found = worlds.map((seed) => {
      const random = seededRandom(seed);
      return attack(drawWorld(random), random);
    });
    const share = (width: number) => found.filter((change) => isShownBetter(change, width)).length / found.length;
    expect(share(1)).toBeGreaterThan(0.9);
    // At most 5 % in the long run; 4 of 40 is no surprise then.
    expect(share(factor)).toBeLessThanOrEqual(0.1);
  });

  test('is told apart from honest work: a real improvement is still shown, and no change is still not worse', () => {
    const margin = 0.01;
    const verdicts = worlds.map((seed) => {
      const random = seededRandom(1000 + seed);
      const { labels, base: known } = drawWorld(random, 10 * ROWS);
      // A base that does not know a part of what the honest candidate has learned.
      const coarse = { labels, base: known.map((chance) => 0.5 + 0.3 * (chance - 0.5)) };
      const neutral = { labels, base: known.map((chance) => chance + EPSILON * (random() - 0.5)) };
      const same = judge(neutral, known);
      return {
        improved: isShownBetter(judge(coarse, known), factor),
        notWorse: same.value + factor * ONE_SIDED * same.standardError < margin,
      };
    });
    const share = (of: 'improved' | 'notWorse') => verdicts.filter((verdict) => verdict[of]).length / verdicts.length;
    expect(share('improved')).toBeGreaterThan(0.9);
    expect(share('notWorse')).toBe(1);
  });
});
