import type { Delta, MetricChange } from '../pipelines/contracts/comparison.ts';
import type { MetricName } from '../pipelines/contracts/evaluation.ts';
import type { Judgement } from '../pipelines/contracts/judgement.ts';
import type { GateResult } from '../pipelines/contracts/verdict.ts';
import { effectOf } from './effect-of.ts';
import { findWorsened } from './find-worsened.ts';
import { formatChange, formatNumber } from './format-number.ts';
import { metricTitle } from './metric-title.ts';

/**
 * The verdict as one plain sentence without its icon, e.g. `flight-delay: better than base (ROC AUC +0.0153, 95 % CI
 * +0.0148 to +0.0158)`, for where nothing else is shown: reasons and what became worse are in it. Plain text: escape it
 * before it becomes markdown.
 */
export function describeVerdict(judgement: Judgement): string {
  const [problem] = judgement.evaluated.problems;
  const [gate] = decidingGates(judgement);
  switch (judgement.verdict.status) {
    case 'error':
      return verdictHeadline(judgement, ` (${problem === undefined ? 'the evaluation is missing' : problem.message})`);
    case 'pass': {
      const [first, ...more] = findWorsened(judgement);
      const also = first === undefined ? '' : `; worse, within what is allowed: ${first.name}${andMore(more.length)}`;
      return `${verdictHeadline(judgement)}${also}`;
    }
    default:
      return verdictHeadline(judgement, gate === undefined ? '' : ` (${gate.message})`);
  }
}

/** The same without what a report tells below its heading. `why` stands behind the first thing that is wrong. */
export function verdictHeadline(judgement: Judgement, why = ''): string {
  const { model, verdict, comparison, evaluated } = judgement;
  if (verdict.status === 'error') {
    const count = evaluated.problems.length;
    if (why === '') return `${model}: could not be judged${count > 1 ? `, for ${count} reasons` : ''}`;
    return `${model}: could not be judged${why}${andMore(count - 1, 'problem')}`;
  }
  if (verdict.status !== 'pass') {
    const [first, ...more] = decidingGates(judgement);
    const rule = first === undefined ? '' : ` ${first.gate}`;
    const words = verdict.status === 'fail' ? 'fails' : 'not enough evidence for';
    const effect = first === undefined ? null : describeLoss(first, judgement);
    if (effect !== null) return `${model}: ${effect}, ${words}${rule}${andMore(more.length, 'gate')}`;
    return `${model}: ${words}${rule}${why}${andMore(more.length, 'gate')}`;
  }
  const primary = comparison?.metrics[0];
  if (comparison === null || primary === undefined) return `${model}: passes`;
  return `${model}: ${describeEffect(primary, comparison.base === null, comparison.identical, judgement)}`;
}

/** What happened to the primary metric when that is what a gate is about; null when the gate says it better. */
function describeLoss(gate: GateResult, { comparison }: Judgement): string | null {
  const primary = comparison?.metrics[0];
  if (primary === undefined || gate.subject !== primary.name || primary.delta === null) return null;
  return effectOf(primary.delta, primary.direction) === 'worse'
    ? `worse than base (${describeDelta(primary.name, primary.delta)})`
    : null;
}

function describeDelta(name: MetricName, delta: Delta): string {
  return `${metricTitle(name)} ${formatChange(delta.value)}, 95 % CI ${formatChange(delta.low)} to ${formatChange(delta.high)}`;
}

/** The gates that make the verdict what it is. */
function decidingGates({ verdict }: Judgement): GateResult[] {
  return verdict.gates.filter(({ status, informational }) => status === verdict.status && !informational);
}

function describeEffect(primary: MetricChange, first: boolean, identical: boolean, judgement: Judgement): string {
  const title = metricTitle(primary.name);
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
  const words = effectWords[effectOf(delta, direction) ?? 'none'];
  return `${words} (${describeDelta(primary.name, delta)})`;
}

const effectWords = {
  better: 'better than base',
  worse: 'worse than base, within what is allowed',
  none: 'no evidence of a change from base',
};

function andMore(count: number, word = ''): string {
  return count <= 0 ? '' : ` and ${count} more${word === '' ? '' : ` ${word}${count === 1 ? '' : 's'}`}`;
}

/** Gates that did not pass, the worst first, informational ones last. */
export function gatesToExplain(gates: readonly GateResult[]): GateResult[] {
  const rank = ({ status, informational }: GateResult) =>
    (informational ? 10 : 0) + ['error', 'fail', 'inconclusive'].indexOf(status);
  return gates.filter(({ status }) => status !== 'pass').toSorted((left, right) => rank(left) - rank(right));
}
