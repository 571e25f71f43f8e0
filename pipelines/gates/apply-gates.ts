import type { Gate } from '../config/gate-schema.ts';
import type { Comparison } from '../contracts/comparison.ts';
import type { Cost, Evaluation } from '../contracts/evaluation.ts';
import type { Problem } from '../contracts/judgement.ts';
import type { GateResult, Verdict } from '../contracts/verdict.ts';
import { worstStatus } from '../contracts/worst-status.ts';
import { describeGate } from './describe-gate.ts';
import { judgeFairness } from './judge-fairness.ts';
import { judgeLimit } from './judge-limit.ts';
import { judgeNoninferiority } from './judge-noninferiority.ts';
import type { Judged } from './judged.ts';

/**
 * Turns numbers into a verdict by the gates in force: the worst of all gates that are not informational. Any problem on
 * the way makes it `error`, whatever the gates say. A gate whose metric is undefined for the head fails.
 */
export function applyGates(
  model: string,
  gates: readonly Gate[],
  found: { comparison: Comparison | null; evaluation: Evaluation | null; problems: readonly Problem[] },
): Verdict {
  const { comparison, evaluation, problems } = found;
  const results =
    comparison === null || evaluation === null
      ? []
      : gates.map(
          (gate): GateResult => ({
            ...describeGate(gate),
            ...judge(gate, comparison, evaluation),
            informational: gate.informational,
          }),
        );
  const blocking = results.filter(({ informational }) => !informational).map(({ status }) => status);
  const complete = comparison !== null && problems.length === 0;
  return {
    kind: 'verdict',
    version: 1,
    model,
    status: complete ? worstStatus(blocking) : 'error',
    gates: results,
  };
}

function judge(gate: Gate, comparison: Comparison, evaluation: Evaluation): Judged {
  if ('cost' in gate) {
    return judgeLimit({ name: gate.cost, value: costOf(gate.cost, evaluation.cost), interval: null, n: null }, gate);
  }
  if ('fairness' in gate) {
    const change = comparison.fairness.find(({ by, gap }) => by === gate.by && gap === gate.fairness);
    if (change === undefined) return unmeasured(`${gate.fairness} is not measured: ${gate.by} is not protected`);
    return judgeFairness(change, { max: gate.max, minGroup: gate.min_group });
  }
  const change = comparison.metrics.find(({ name }) => name === gate.metric);
  const measured = evaluation.metrics.find(({ name }) => name === gate.metric);
  if (change === undefined || measured === undefined) return unmeasured(`${gate.metric} is undefined on these rows`);
  return 'noninferior' in gate ? judgeNoninferiority(change, gate.noninferior, comparison) : judgeLimit(measured, gate);
}

function costOf(name: 'latency_p95_ms' | 'size_mb' | 'load_ms', cost: Cost): number {
  if (name === 'size_mb') return cost.size / 1e6;
  return name === 'load_ms' ? cost.loadMs : cost.latencyP95Ms;
}

function unmeasured(message: string): Judged {
  return { status: 'fail', observed: null, limit: null, low: null, high: null, n: null, message };
}
