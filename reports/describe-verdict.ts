import type { MetricChange } from '../pipelines/contracts/comparison.ts';
import type { Judgement } from '../pipelines/contracts/judgement.ts';
import type { GateResult } from '../pipelines/contracts/verdict.ts';
import { formatChange, formatNumber } from './format-number.ts';
import { metricTitles } from './metric-title.ts';

/**
 * The verdict as one plain sentence without its icon, e.g. `flight-delay: better than base (ROC AUC +0.0153, 95 % CI
 * +0.0148 to +0.0158)`. Plain text: escape it before it becomes markdown.
 */
export function describeVerdict(judgement: Judgement): string {
  const { model, verdict, comparison, evaluated } = judgement;
  if (verdict.status === 'error') {
    const [first, ...more] = evaluated.problems;
    const why = first === undefined ? 'the evaluation is missing' : first.message;
    return `${model}: could not be judged (${why})${andMore(more.length, 'problem')}`;
  }
  if (verdict.status !== 'pass') {
    const broken = verdict.gates.filter(({ status, informational }) => status === verdict.status && !informational);
    const [first, ...more] = broken;
    const rule = first === undefined ? '' : ` ${first.gate} (${first.message})`;
    const words = verdict.status === 'fail' ? 'fails' : 'not enough evidence for';
    return `${model}: ${words}${rule}${andMore(more.length, 'gate')}`;
  }
  const primary = comparison?.metrics[0];
  if (comparison === null || primary === undefined) return `${model}: passes`;
  return `${model}: ${describeEffect(primary, comparison.base === null, comparison.identical, judgement)}`;
}

function describeEffect(primary: MetricChange, first: boolean, identical: boolean, judgement: Judgement): string {
  const title = metricTitles[primary.name];
  if (first) {
    const interval = judgement.evaluated.headEvaluation?.metrics.find(({ name }) => name === primary.name)?.interval;
    const range =
      interval === undefined || interval === null
        ? ''
        : `, 95 % CI ${formatNumber(interval.low)} to ${formatNumber(interval.high)}`;
    return `first model, no base to compare with (${title} ${formatNumber(primary.head)}${range})`;
  }
  if (identical) return `same predictions as base (${title} ${formatNumber(primary.head)})`;
  const { delta, direction } = primary;
  if (delta === null) return `passes (${title} ${formatNumber(primary.head)})`;
  const [worst, best] = direction === 'higher' ? [delta.low, delta.high] : [-delta.high, -delta.low];
  const words =
    worst > 0
      ? 'better than base'
      : best < 0
        ? 'worse than base, within what is allowed'
        : 'no evidence of a change from base';
  return `${words} (${title} ${formatChange(delta.value)}, 95 % CI ${formatChange(delta.low)} to ${formatChange(delta.high)})`;
}

function andMore(count: number, word: string): string {
  return count === 0 ? '' : ` and ${count} more ${word}${count === 1 ? '' : 's'}`;
}

/** Gates that did not pass, the worst first, informational ones last. */
export function gatesToExplain(gates: readonly GateResult[]): GateResult[] {
  const rank = ({ status, informational }: GateResult) =>
    (informational ? 10 : 0) + ['error', 'fail', 'inconclusive'].indexOf(status);
  return gates.filter(({ status }) => status !== 'pass').toSorted((left, right) => rank(left) - rank(right));
}
