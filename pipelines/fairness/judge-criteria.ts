import type {
  Bounded,
  Disparity,
  FairnessCriterion,
  FairnessCriterionName,
  FairnessMeasure,
} from '../contracts/fairness.ts';
import { gapEnds, type Ranges } from './gap-ends.ts';

/**
 * Ideas of fairness and what each wants to be the same in all groups. Equalised odds and equal opportunity: Hardt, Price &
 * Srebro 2016; predictive (value) parity: Chouldechova 2017; treatment equality: Berk et al. 2018.
 */
const criteria: readonly { name: FairnessCriterionName; measures: readonly FairnessMeasure[] }[] = [
  { name: 'demographic_parity', measures: ['selection_rate'] },
  { name: 'equalised_odds', measures: ['tpr', 'fpr'] },
  { name: 'equal_opportunity', measures: ['tpr'] },
  { name: 'predictive_parity', measures: ['ppv'] },
  { name: 'predictive_value_parity', measures: ['ppv', 'npv'] },
  { name: 'accuracy_equality', measures: ['accuracy'] },
  { name: 'treatment_equality', measures: ['fn_fp_ratio'] },
  { name: 'calibration', measures: ['calibration_gap', 'ece'] },
];

/** Every criterion whose measures were taken; one with an undefined measure has no difference, for it would be half told. */
export function judgeCriteria(
  disparities: readonly Disparity[],
  context: { ranges: Ranges; level: number },
): FairnessCriterion[] {
  return criteria.flatMap(({ name, measures }) => {
    const found = measures.flatMap((measure) => disparities.find((known) => known.measure === measure) ?? []);
    return found.length < measures.length ? [] : [judgeCriterion(name, found, context)];
  });
}

function judgeCriterion(
  name: FairnessCriterionName,
  found: readonly Disparity[],
  context: { ranges: Ranges; level: number },
): FairnessCriterion {
  const measures = found.map(({ measure }) => measure);
  const head = {
    difference: foldAll(
      found.map(({ difference }) => difference.value),
      Math.max,
    ),
    ratio: foldAll(
      found.map(({ ratio }) => ratio.value),
      Math.min,
    ),
  };
  const bases = found.flatMap(({ base }) => base ?? []);
  const base =
    bases.length < found.length
      ? null
      : {
          difference: foldAll(
            bases.map(({ difference }) => difference),
            Math.max,
          ),
          ratio: foldAll(
            bases.map(({ ratio }) => ratio),
            Math.min,
          ),
        };
  const widest =
    head.difference === null ? undefined : found.find((disparity) => disparity.difference.value === head.difference);
  const changes = found.flatMap(({ change: one }) => one?.difference ?? []);
  const reach = {
    difference: reachOf(
      widest?.difference.low,
      found.map((one) => one.difference.high),
    ),
    ratio: reachOf(
      foldAll(
        found.map((one) => one.ratio.low),
        Math.min,
      ),
      found.filter((one) => one.ratio.value === head.ratio).map((one) => one.ratio.high),
    ),
    change: changes.length < found.length ? null : hull(changes),
  };
  const { difference, ratio, change } = gapEnds(measures, head, base, reach, context);
  const every = found.map(({ everyGroup }) => everyGroup);
  return {
    name,
    measures,
    measure: widest?.measure ?? null,
    lowest: widest?.lowest ?? null,
    highest: widest?.highest ?? null,
    difference,
    meanDifference: foldAll(
      found.map((disparity) => disparity.difference.value),
      mean,
    ),
    ratio,
    everyGroup: {
      difference: foldAll(
        every.map((spread) => spread.difference),
        Math.max,
      ),
      meanDifference: foldAll(
        every.map((spread) => spread.difference),
        mean,
      ),
      ratio: foldAll(
        every.map((spread) => spread.ratio),
        Math.min,
      ),
    },
    ...(base === null || change === null ? {} : { base, change }),
  };
}

function hull(changes: readonly Bounded[]): { low: number; high: number } | null {
  return reachOf(
    foldAll(
      changes.map(({ low }) => low),
      Math.min,
    ),
    changes.map(({ high }) => high),
  );
}

function reachOf(
  low: number | null | undefined,
  highs: readonly (number | null)[],
): { low: number; high: number } | null {
  const high = foldAll(highs, Math.max);
  return low == null || high === null ? null : { low, high };
}

/** Folds numbers, all of which must be there. */
function foldAll(values: readonly (number | null)[], fold: (...numbers: number[]) => number): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length || known.length === 0 ? null : fold(...known);
}

function mean(...numbers: number[]): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}
