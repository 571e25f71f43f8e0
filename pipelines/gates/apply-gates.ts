import type { Gate } from '../config/gate-schema.ts';
import type { Comparison } from '../contracts/comparison.ts';
import type { Evaluation } from '../contracts/evaluation.ts';
import type { Evaluated, Problem } from '../contracts/judgement.ts';
import type { GateResult, Verdict } from '../contracts/verdict.ts';
import { worstStatus } from '../contracts/worst-status.ts';
import { describeGate } from './describe-gate.ts';
import { judgeCalibration } from './judge-calibration.ts';
import { judgeCost } from './judge-cost.ts';
import { judgeData } from './judge-data.ts';
import { judgeDrift } from './judge-drift.ts';
import { judgeFairness } from './judge-fairness.ts';
import { judgeMetric } from './judge-metric.ts';
import { judgeProvenance } from './judge-provenance.ts';
import { judgeReproducibility } from './judge-reproducibility.ts';
import { judgeRobustness } from './judge-robustness.ts';
import { type Finding, type Judged, unmeasured } from './judged.ts';
import { ALPHA, settleClaims } from './settle-claims.ts';

/** Everything that gates read. */
export type GateInputs = {
  comparison: Comparison | null;
  evaluation: Evaluation | null;
  /** For costs beside those of the base. */
  baseEvaluation?: Evaluation | null;
  problems: readonly Problem[];
  /** What is known of the change besides its numbers; absent where two evaluations are compared by hand. */
  change?: Pick<Evaluated, 'base' | 'run' | 'key' | 'lineage' | 'dataChanges' | 'dataDiffs'>;
};

/**
 * Turns numbers into a verdict by the gates in force: the worst of all gates that are not informational. Any problem on
 * the way makes it `error`, whatever the gates say. A gate whose metric is undefined for the head fails, one whose input is
 * missing says so and never passes. `strict` makes of an undecided gate one that fails.
 */
export function applyGates(
  model: string,
  { gates, strict }: { gates: readonly Gate[]; strict: boolean },
  inputs: GateInputs,
): Verdict {
  const { comparison, evaluation, problems } = inputs;
  const results =
    comparison === null || evaluation === null ? [] : judgeAll(gates, strict, { ...inputs, comparison, evaluation });
  const blocking = results.filter(({ informational }) => !informational);
  const complete = comparison !== null && problems.length === 0;
  const claims = blocking.filter(({ bound }) => bound != null).length;
  return {
    kind: 'verdict',
    version: 1,
    model,
    status: complete ? worstStatus(blocking.map(({ status }) => status)) : 'error',
    gates: results,
    ...(claims === 0 ? {} : { holm: { alpha: ALPHA, gates: claims } }),
  };
}

type Measured = GateInputs & { comparison: Comparison; evaluation: Evaluation };

function judgeAll(gates: readonly Gate[], strict: boolean, inputs: Measured): GateResult[] {
  const findings = gates.map((gate) => ({ finding: judge(gate, inputs), informational: gate.informational }));
  const settled = settleClaims(findings);
  return gates.flatMap((gate, at) => {
    const judged = settled[at];
    if (judged === undefined) return [];
    const { informational } = gate;
    return [{ ...describeGate(gate), ...(strict && !informational ? failUndecided(judged) : judged), informational }];
  });
}

function failUndecided(judged: Judged): Judged {
  if (judged.status !== 'inconclusive') return judged;
  return { ...judged, status: 'fail', strict: true, message: `${judged.message}; undecided, which fails by strict` };
}

function judge(gate: Gate, inputs: Measured): Finding {
  const { comparison, evaluation, baseEvaluation = null, change } = inputs;
  if ('metric' in gate) return judgeMetric(gate, comparison, evaluation);
  if ('fairness' in gate) return judgeFairness(gate, comparison);
  if ('calibration' in gate) return { judged: judgeCalibration(gate, comparison) };
  if ('cost' in gate) return { judged: judgeCost(gate, evaluation, baseEvaluation) };
  if ('robustness' in gate) return { judged: judgeRobustness(gate, evaluation) };
  if (change === undefined) {
    return { judged: unmeasured('inconclusive', 'known in the judgement of a pull request, not of two evaluations') };
  }
  if ('data' in gate) return { judged: judgeData(gate, change.run) };
  if ('drift' in gate) return { judged: judgeDrift(gate, change) };
  if ('reproducibility' in gate) return { judged: judgeReproducibility(gate, change) };
  return { judged: judgeProvenance(gate, change.run) };
}
