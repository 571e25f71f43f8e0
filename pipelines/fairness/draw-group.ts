import { baseConfusion, headConfusion } from '../comparison/decision-cells.ts';
import type { FairnessMeasure } from '../contracts/fairness.ts';
import { bootstrapCells } from '../statistics/bootstrap-cells.ts';
import { choleskyFactor } from '../statistics/cholesky-factor.ts';
import type { Random } from '../statistics/seeded-random.ts';
import { standardNormal } from '../statistics/standard-normal.ts';
import { decisionMeasures } from './decision-measures.ts';
import type { CalibrationFact, GroupFacts, NormalFact } from './group-facts.ts';
import { measureTraits } from './measure-traits.ts';

/** Replicates of one measure of one group, for both models from the same draws. NaN where a draw leaves it undefined. */
export type Draws = { head: Float64Array; base: Float64Array | null };
export type DrawPlan = { paired: boolean; resamples: number; random: Random };

/**
 * What the measures of a group might have been with other rows: decisions from a bootstrap of their counts, which keeps
 * the size of the group; means and areas from their normal distribution, which is what a bootstrap of many rows tends to.
 */
export function drawGroup(facts: GroupFacts, plan: DrawPlan): Map<FairnessMeasure, Draws> {
  const drawn = new Map<FairnessMeasure, Draws>();
  if (facts.cells !== null) drawDecisions(facts.cells, plan, drawn);
  for (const fact of facts.normals) drawn.set(fact.measure, drawNormal(fact, plan));
  if (facts.calibration !== null) drawn.set('ece', drawCalibration(facts.calibration, plan));
  return drawn;
}

function drawDecisions(
  cells: Float64Array,
  { paired, resamples, random }: DrawPlan,
  into: Map<FairnessMeasure, Draws>,
): void {
  const columns = bootstrapCells(
    [cells],
    ([counts = new Float64Array(8)]) => {
      const head = headConfusion(counts);
      const values = decisionMeasures.map(({ of }) => of(head));
      if (!paired) return values;
      const base = baseConfusion(counts);
      for (const { of } of decisionMeasures) values.push(of(base));
      return values;
    },
    { resamples, random },
  );
  decisionMeasures.forEach(({ measure }, at) => {
    const base = paired ? columns[at + decisionMeasures.length] : undefined;
    into.set(measure, { head: columns[at] ?? new Float64Array(resamples), base: base ?? null });
  });
}

function drawNormal(
  { measure, head, base, changeError }: NormalFact,
  { resamples, random }: { resamples: number; random: Random },
): Draws {
  const after = new Float64Array(resamples).fill(Number.NaN);
  const before = base === null ? null : new Float64Array(resamples).fill(Number.NaN);
  if (!Number.isFinite(head.value) || !Number.isFinite(head.error)) return { head: after, base: before };
  const { low, high } = measureTraits[measure];
  const together = base === null ? 0 : correlation(head.error, base.error, changeError ?? 0);
  const apart = Math.sqrt(1 - together * together);
  const within = (value: number) => Math.min(high, Math.max(low, value));
  for (let round = 0; round < resamples; round += 1) {
    const pull = standardNormal(random);
    after[round] = within(head.value + head.error * pull);
    if (before === null || base === null) continue;
    before[round] = within(base.value + base.error * (together * pull + apart * standardNormal(random)));
  }
  return { head: after, base: before };
}

/** Of two estimates on the same rows, from the errors of both and of their difference; exactly 1 for equal ones. */
function correlation(head: number, base: number, change: number): number {
  if (change === 0) return 1;
  const product = 2 * head * base;
  if (product === 0) return 0;
  return Math.min(1, Math.max(-1, (head * head + base * base - change * change) / product));
}

function drawCalibration(
  { n, bins, surplus, covariance }: CalibrationFact,
  { paired, resamples, random }: DrawPlan,
): Draws {
  const size = surplus.length;
  const factor = choleskyFactor(covariance, size);
  const pulls = new Float64Array(size);
  const used = Array.from(surplus.keys()).filter((bin) => surplus[bin] !== 0 || covariance[bin * size + bin] !== 0);
  const head = new Float64Array(resamples);
  const base = paired ? new Float64Array(resamples) : null;
  for (let round = 0; round < resamples; round += 1) {
    let sumHead = 0;
    let sumBase = 0;
    for (const bin of used) {
      if (factor[bin * size + bin] !== 0) pulls[bin] = standardNormal(random);
      let value = surplus[bin] ?? 0;
      for (const at of used) {
        if (at > bin) break;
        value += (factor[bin * size + at] ?? 0) * (pulls[at] ?? 0);
      }
      if (bin < bins) sumHead += Math.abs(value);
      else sumBase += Math.abs(value);
    }
    head[round] = sumHead / n;
    if (base !== null) base[round] = sumBase / n;
  }
  return { head, base };
}
