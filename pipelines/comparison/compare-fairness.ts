import type { FairnessChange, GapName } from '../contracts/comparison.ts';
import type { GroupColumn } from '../evaluation/measure-groups.ts';
import { LEVEL, RESAMPLES } from '../evaluation/measure-metric.ts';
import type { ScoredRows } from '../evaluation/scored-rows.ts';
import { bootstrapCells } from '../statistics/bootstrap-cells.ts';
import { bootstrapInterval } from '../statistics/bootstrap-interval.ts';
import type { Random } from '../statistics/seeded-random.ts';
import { baseConfusion, countDecisions, headConfusion } from './decision-cells.ts';
import { type GroupRate, gapRates, rateGap } from './rate-gap.ts';

/**
 * One gap between the groups of one column, for both models on the same rows, with intervals from a bootstrap that keeps
 * the size of every group. `base` is null for a first model.
 */
export function compareFairness(
  question: { gap: GapName; minGroup: number },
  column: GroupColumn,
  base: ScoredRows | null,
  head: ScoredRows,
  random: Random,
): FairnessChange {
  const { rate, denominator } = gapRates[question.gap];
  const observed = countDecisions(base ?? head, head, { codes: column.codes, groups: column.names.length });
  const ratesOf = (strata: readonly Float64Array[]): GroupRate[] =>
    strata.map((counts, at) => {
      const after = headConfusion(counts);
      return {
        group: column.names[at] ?? '',
        n: counts.reduce((sum, count) => sum + count, 0),
        denominator: denominator(after),
        base: base === null ? null : defined(rate(baseConfusion(counts))),
        head: defined(rate(after)),
      };
    });
  const groups = ratesOf(observed);
  const after = rateGap(groups, 'head', question.minGroup);
  const before = base === null ? null : rateGap(groups, 'base', question.minGroup);
  const judged = new Set(groups.map(({ group }) => group).filter((group) => !after.tooSmall.includes(group)));
  const [headGaps, changes] = resample(observed, ratesOf, judged, base !== null, random);
  const headInterval = after.gap === null ? null : bootstrapInterval(after.gap, headGaps, reflected);
  const change = after.gap === null || typeof before?.gap !== 'number' ? null : after.gap - before.gap;
  const interval = change === null ? null : bootstrapInterval(change, changes, reflected);
  return {
    by: column.by,
    gap: question.gap,
    base: before?.gap ?? null,
    head: after.gap,
    headLow: headInterval === null ? null : Math.max(0, headInterval.low),
    headHigh: headInterval === null ? null : Math.min(1, headInterval.high),
    delta:
      change === null || interval === null
        ? null
        : { value: change, ...interval, method: `paired bootstrap of cells, ${RESAMPLES} draws`, p: null },
    lowest: after.lowest,
    highest: after.highest,
    groups,
    tooSmall: after.tooSmall,
  };
}

/** A largest gap is pushed up by noise, so its replicates do not centre on it. */
const reflected = { level: LEVEL, reflected: true };

function resample(
  observed: readonly Float64Array[],
  ratesOf: (strata: readonly Float64Array[]) => GroupRate[],
  judged: ReadonlySet<string>,
  paired: boolean,
  random: Random,
): [Float64Array, Float64Array] {
  const gapOf = (groups: readonly GroupRate[], side: 'base' | 'head') => rateGap(groups, side, 0).gap ?? Number.NaN;
  const [headGaps = new Float64Array(), changes = new Float64Array()] = bootstrapCells(
    observed,
    (strata) => {
      const groups = ratesOf(strata).filter(({ group }) => judged.has(group));
      const head = gapOf(groups, 'head');
      return paired ? [head, head - gapOf(groups, 'base')] : [head];
    },
    { resamples: RESAMPLES, random },
  );
  return [headGaps, changes];
}

function defined(rate: number): number | null {
  return Number.isFinite(rate) ? rate : null;
}
