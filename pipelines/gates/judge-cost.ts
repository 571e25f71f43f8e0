import type { Gate } from '../config/gate-schema.ts';
import type { Cost, Evaluation } from '../contracts/evaluation.ts';
import { amountOf } from './amount-of.ts';
import { judgeLimit } from './judge-limit.ts';
import { type Judged, unmeasured } from './judged.ts';
import { printNumber } from './print-number.ts';

export type CostGate = Extract<Gate, { cost: string }>;

/** A cost of serving against a ceiling, or against that of the base, which was measured in the same job. */
export function judgeCost(gate: CostGate, head: Evaluation, base: Evaluation | null): Judged {
  const name = gate.cost;
  const value = head.cost === undefined ? undefined : costs[name](head.cost);
  if (value === undefined) return unmeasured('error', `${name} was not measured`, 'max' in gate ? gate.max : null);
  if ('max' in gate) return judgeLimit({ name, value, interval: null, n: null }, gate);
  const before = base?.cost === undefined ? undefined : costs[name](base.cost);
  const judged = { observed: value, low: null, high: null, n: null };
  if (base === null) {
    return {
      ...judged,
      limit: null,
      status: 'pass',
      message: `no base to compare with; ${name} is ${printNumber(value)}`,
    };
  }
  if (before === undefined) {
    const message = `${name} is ${printNumber(value)}, and was not measured for the base`;
    return { ...judged, limit: null, status: 'inconclusive', message };
  }
  const allowed = amountOf(gate.max_rise, before);
  const rise = value - before;
  const where = rise === 0 ? 'the same as' : `${printNumber(Math.abs(rise))} ${rise > 0 ? 'above' : 'below'}`;
  const share = typeof gate.max_rise === 'string' ? ` (${gate.max_rise})` : '';
  return {
    ...judged,
    limit: before + allowed,
    status: rise <= allowed ? 'pass' : 'fail',
    message: `${name} ${printNumber(value)} is ${where} base ${printNumber(before)}, allowed ${printNumber(allowed)}${share} above`,
  };
}

const costs: Readonly<Record<CostGate['cost'], (cost: Cost) => number | undefined>> = {
  latency_p50_ms: ({ latencyP50Ms }) => latencyP50Ms,
  latency_p95_ms: ({ latencyP95Ms }) => latencyP95Ms,
  size_mb: ({ size }) => size / 1e6,
  load_ms: ({ loadMs }) => loadMs,
  memory_mb: ({ peakMemory }) => (peakMemory === undefined ? undefined : peakMemory / 1e6),
};
