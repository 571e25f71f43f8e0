import type { Gate } from '../config/gate-schema.ts';
import type { Comparison } from '../contracts/comparison.ts';
import type { Evaluation } from '../contracts/evaluation.ts';
import { metricFacts } from '../evaluation/metric-catalogue.ts';
import { applyRule } from './apply-rule.ts';
import { judgeParts } from './judge-parts.ts';
import { type Finding, unmeasured } from './judged.ts';
import { slicesOf } from './slices-of.ts';

export type MetricGate = Extract<Gate, { metric: string }>;

/** A metric of all rows, or of each slice that the gate names. */
export function judgeMetric(gate: MetricGate, comparison: Comparison, evaluation: Evaluation): Finding {
  if (gate.slice === undefined && gate.slices === undefined) return judgeWhole(gate, comparison, evaluation);
  const { metric, min_rows } = gate;
  const { found, left } = slicesOf(comparison, { metric, slice: gate.slice, slices: gate.slices, min_rows });
  if (found.length === 0) {
    const why = left.length === 0 ? 'the holdout has no such slice' : `too small to judge: ${left.join(', ')}`;
    return { judged: unmeasured('inconclusive', `no slice could be judged: ${why}`) };
  }
  const { direction } = metricFacts(metric);
  const parts = found.map(({ name, measured }) => ({
    name,
    finding: applyRule(gate, { ...measured, name: metric, direction }, comparison),
  }));
  return judgeParts(parts, left);
}

function judgeWhole(gate: MetricGate, comparison: Comparison, evaluation: Evaluation): Finding {
  const { metric } = gate;
  const change = comparison.metrics.find(({ name }) => name === metric);
  const measured = evaluation.metrics.find(({ name }) => name === metric);
  if (change !== undefined && measured !== undefined) {
    return applyRule(gate, { ...change, interval: measured.interval, n: measured.n }, comparison);
  }
  const missing = evaluation.undefinedMetrics?.find(({ name }) => name === metric);
  const facts = { name: metric, direction: metricFacts(metric).direction, base: null, head: null, delta: null };
  const reason = missing === undefined ? {} : { reason: missing.reason };
  return applyRule(gate, { ...facts, detectable: null, n: missing?.n ?? null, interval: null, ...reason }, comparison);
}
