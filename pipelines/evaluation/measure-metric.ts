import type { MetricName, MetricValue, PartMetric } from '../contracts/evaluation.ts';
import type { ClassCounts } from '../statistics/class-counts.ts';
import type { Confusion } from '../statistics/confusion.ts';
import { binaryDecisions } from './binary-decisions.ts';
import { type Estimate, RESAMPLES, undefinedEstimate } from './estimate.ts';
import { type JudgedRows, rowCount } from './judged-rows.ts';
import { measureBinary } from './measure-binary.ts';
import { measureMulticlass, multiclassDecisions } from './measure-multiclass.ts';
import { measureMultilabel } from './measure-multilabel.ts';
import { measureRanking } from './measure-ranking.ts';
import { measureRegression } from './measure-regression.ts';
import { type Decisions, measureDecisions, type OfDecisions } from './of-decisions.ts';

/** One metric of one model with its 95 % interval; null where the rows do not define it. */
export function measureMetric(name: MetricName, rows: JudgedRows): MetricValue | null {
  const [found] = measureMetrics([name], rows);
  if (found === undefined || found.value === null) return null;
  return { name, value: found.value, interval: found.interval, n: found.n };
}

export type Measured = PartMetric & { method?: string };

/**
 * Every named metric of the same rows, each with its 95 % interval, how that was made, and what the value is taken over;
 * null, with a reason, where the rows do not define it.
 */
export function measureMetrics(
  names: readonly MetricName[],
  rows: JudgedRows,
  options: { resamples: number } = { resamples: RESAMPLES },
): Measured[] {
  const estimates = estimate(names, rows, options);
  return names.map((name, index): Measured => {
    const { value, interval, n = rowCount(rows), method, reason } = estimates[index] ?? undefinedEstimate('');
    if (Number.isFinite(value) && n > 0) {
      return { name, value, interval, n, ...(interval === null || method === undefined ? {} : { method }) };
    }
    return { name, value: null, interval: null, n, reason: rowCount(rows) === 0 ? 'no row' : (reason ?? overflow) };
  });
}

const overflow = 'not a finite number';

function estimate(names: readonly MetricName[], rows: JudgedRows, options: { resamples: number }): Estimate[] {
  switch (rows.task) {
    case 'binary':
      return together(
        names.map((name) => measureBinary(name, rows, options)),
        binaryDecisions(rows),
        options,
      );
    case 'multiclass':
      return together(
        names.map((name) => measureMulticlass(name, rows, options)),
        multiclassDecisions(rows),
        options,
      );
    case 'multilabel':
      return names.map((name) => measureMultilabel(name, rows));
    case 'regression':
      return names.map((name) => measureRegression(name, rows));
    case 'ranking':
      return names.map((name) => measureRanking(name, rows));
  }
}

/** Puts the metrics of decisions, measured by one bootstrap, between the others. */
function together<Summary extends Confusion | ClassCounts>(
  found: readonly (Estimate | OfDecisions<Summary>)[],
  decisions: Decisions<Summary> | null,
  options: { resamples: number },
): Estimate[] {
  const open = found.flatMap((one) => ('range' in one ? [one] : []));
  if (open.length === 0) return found.flatMap((one) => ('range' in one ? [] : [one]));
  const nothing = () => undefinedEstimate('nothing decides: the scores are no probabilities and there is no threshold');
  const drawn = decisions === null ? open.map(nothing) : measureDecisions(open, decisions, options);
  return found.map((one) => ('range' in one ? (drawn[open.indexOf(one)] ?? nothing()) : one));
}
