import { expect, it } from 'vitest';
import { type FairnessPlan, measureAttribute } from '../../../pipelines/fairness/measure-attribute.ts';
import { binomialSample } from '../../../pipelines/statistics/binomial-sample.ts';
import { seededRandom } from '../../../pipelines/statistics/seeded-random.ts';

const plan: FairnessPlan = {
  paired: false,
  level: 0.95,
  resamples: 100,
  minGroup: 30,
  minGroupOf: () => 30,
  favourable: null,
  reference: null,
  questions: [],
  only: ['selection_rate'],
};
const runs = 100;

it.each([
  ['two groups that are alike', [0.4, 0.4], [500, 500]],
  ['six groups that are alike', [0.4, 0.4, 0.4, 0.4, 0.4, 0.4], [300, 300, 300, 300, 300, 300]],
  ['two groups that are not', [0.3, 0.5], [80, 400]],
  ['four groups, one of which is not', [0.4, 0.4, 0.4, 0.25], [300, 60, 300, 100]],
])('the interval of the largest difference holds the truth for %s', (_, rates, sizes) => {
  const truth = Math.max(...rates) - Math.min(...rates);
  const random = seededRandom(11);
  let held = 0;
  let noise = 0;
  for (let run = 0; run < runs; run += 1) {
    const groups = rates.map((rate, at) => {
      const n = sizes[at] ?? 0;
      const selected = binomialSample(n, rate, random);
      const cells = Float64Array.of(n - selected, selected, 0, 0, 0, 0, 0, 0);
      return { group: String(at), values: [String(at)], n, leftOut: 0, cells, normals: [], calibration: null };
    });
    const overall = { selection_rate: { value: 0.4, low: null, high: null, n: 1000 } };
    const { disparities } = measureAttribute({ by: 'g', columns: ['g'], groups }, overall, plan, seededRandom(run));
    const { low, high, value } = disparities[0]?.difference ?? { low: null, high: null, value: null };
    if (low === null || high === null || value === null) throw new Error('no interval');
    if (low <= truth + 1e-12 && truth <= high + 1e-12) held += 1;
    if ((disparities[0]?.chance?.p ?? 1) < 0.05) noise += 1;
  }
  // 95 % of 100 runs is 95, give or take 2.2 per standard deviation.
  expect(held).toBeGreaterThanOrEqual(90);
  if (truth === 0) expect(noise).toBeLessThanOrEqual(11);
  else expect(noise).toBeGreaterThan(40);
});
