import { baseConfusion, headConfusion } from '../comparison/decision-cells.ts';
import type { Bounded, FairnessMeasure, FairnessMeasures, FairnessValue } from '../contracts/fairness.ts';
import { bootstrapInterval } from '../statistics/bootstrap-interval.ts';
import type { Confusion } from '../statistics/confusion.ts';
import { normalInterval } from '../statistics/normal-interval.ts';
import { normalQuantile } from '../statistics/normal-quantile.ts';
import { wilsonInterval } from '../statistics/wilson-interval.ts';
import { type DecisionMeasure, decisionMeasures } from './decision-measures.ts';
import type { Draws } from './draw-group.ts';
import type { CalibrationFact, GroupFacts, NormalFact } from './group-facts.ts';
import { measureTraits } from './measure-traits.ts';

export const nothing: Readonly<Bounded> = { value: null, low: null, high: null };

/** Every measure of one group with its interval and, with a base, its paired change. `draws` are those of the group. */
export function measureGroup(
  facts: GroupFacts,
  draws: ReadonlyMap<FairnessMeasure, Draws>,
  { level, only }: { level: number; only: readonly FairnessMeasure[] | null },
): FairnessMeasures {
  const found: FairnessMeasures = {};
  if (facts.cells !== null) {
    const [head, base] = [headConfusion(facts.cells), baseConfusion(facts.cells)];
    for (const { measure, of, denominator, numerator } of decisionMeasures) {
      if (only !== null && !only.includes(measure)) continue;
      const drawn = draws.get(measure);
      const [after, before] = [of(head), of(base)];
      found[measure] = {
        value: defined(after),
        ...decisionEnds({ measure, numerator, denominator }, after, head, drawn, level),
        n: denominator(head),
        ...(drawn?.base == null ? {} : paired(after, before, drawn.head, drawn.base, level)),
      };
    }
  }
  for (const fact of facts.normals) found[fact.measure] = normalValue(fact, level);
  const drawn = draws.get('ece');
  if (facts.calibration !== null && drawn !== undefined) found.ece = calibrationValue(facts.calibration, drawn, level);
  return found;
}

type Ends = Pick<Bounded, 'low' | 'high'>;
const noEnds: Ends = { low: null, high: null };

/** Wilson for a plain rate, the logarithm's error for a ratio of two counts, the draws for everything else. */
function decisionEnds(
  { measure, numerator, denominator }: Pick<DecisionMeasure, 'measure' | 'numerator' | 'denominator'>,
  value: number,
  counts: Confusion,
  drawn: Draws | undefined,
  level: number,
): Ends {
  if (!Number.isFinite(value)) return noEnds;
  if (numerator !== null) {
    const interval = wilsonInterval(numerator(counts), denominator(counts), level);
    return interval === null ? noEnds : { low: interval.low, high: interval.high };
  }
  if (measure === 'fn_fp_ratio') {
    if (value === 0) return noEnds;
    const reach = Math.exp(normalQuantile(0.5 + level / 2) * Math.sqrt(1 / counts.fn + 1 / counts.fp));
    return { low: value / reach, high: value * reach };
  }
  return drawn === undefined ? noEnds : within(measure, bootstrapInterval(value, drawn.head, { level }));
}

function paired(
  after: number,
  before: number,
  head: Float64Array,
  base: Float64Array,
  level: number,
): Pick<FairnessValue, 'base' | 'change'> {
  const change = after - before;
  const interval = bootstrapInterval(change, difference(head, base), { level });
  return { base: defined(before), change: boundedOf(change, interval) };
}

function normalValue({ measure, n, head, base, changeError }: NormalFact, level: number): FairnessValue {
  const value = { value: defined(head.value), ...normalEnds(measure, head, n, level), n };
  if (base === null) return value;
  const change = head.value - base.value;
  const known = Number.isFinite(change) && changeError !== null && Number.isFinite(changeError);
  return {
    ...value,
    base: defined(base.value),
    change: known
      ? boundedOf(change, normalInterval(change, changeError, level))
      : { ...nothing, value: defined(change) },
  };
}

/**
 * An area of exactly 0 or 1 has no error by DeLong, which does not make it certain: Wilson's bound for as many rows as
 * the rarer class has stands in. A mean of a single row has no interval.
 */
function normalEnds(measure: FairnessMeasure, { value, error }: NormalFact['head'], n: number, level: number): Ends {
  if (!Number.isFinite(value) || !Number.isFinite(error)) return noEnds;
  if (measure === 'roc_auc' && error === 0) {
    const bound = value === 0 || value === 1 ? wilsonInterval(value * n, n, level) : null;
    return bound === null ? noEnds : { low: bound.low, high: bound.high };
  }
  return n < 2 ? noEnds : within(measure, normalInterval(value, error, level));
}

/** Noise alone makes a calibration error larger, so its draws do not centre on it and are reflected. */
function calibrationValue({ n, bins, surplus }: CalibrationFact, drawn: Draws, level: number): FairnessValue {
  const error = (from: number) => surplus.slice(from, from + bins).reduce((sum, bin) => sum + Math.abs(bin), 0) / n;
  const after = error(0);
  const value = {
    value: defined(after),
    ...within('ece', bootstrapInterval(after, drawn.head, { level, reflected: true })),
    n,
  };
  if (drawn.base === null) return value;
  const before = error(bins);
  const interval = bootstrapInterval(after - before, difference(drawn.head, drawn.base), { level, reflected: true });
  return { ...value, base: defined(before), change: boundedOf(after - before, interval) };
}

function within(measure: FairnessMeasure, interval: { low: number; high: number } | null): Ends {
  if (interval === null) return noEnds;
  const { low, high } = measureTraits[measure];
  const inside = (end: number) => Math.min(high, Math.max(low, end));
  return { low: inside(interval.low), high: inside(interval.high) };
}

/** `head - base`, draw by draw. */
export function difference(head: Float64Array, base: Float64Array): Float64Array {
  return head.map((value, round) => value - (base[round] ?? Number.NaN));
}

export function boundedOf(value: number, interval: { low: number; high: number } | null): Bounded {
  if (!Number.isFinite(value)) return nothing;
  return { value, low: interval?.low ?? null, high: interval?.high ?? null };
}

export function defined(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
