import type { Observation, VariantObservation } from '../contracts/observation.ts';
import type { RolloutPlan, RolloutPosition } from '../contracts/rollout-plan.ts';
import type { RolloutCheck, RolloutStep } from '../contracts/rollout-step.ts';
import { worstStatus } from '../contracts/worst-status.ts';
import { checkLatency } from './check-latency.ts';
import { checkScoreShift } from './check-score-shift.ts';

type Limits = RolloutPlan['analysis'];

/**
 * What to do at one step of a rollout. Hard gates (errors, missing scores) fail on few requests; comparisons with
 * stable count once the step has had its time and rows; no data is `hold`, and after `maxHoldSeconds` a rollback:
 * silence never passes.
 */
export function decideStep(
  plan: RolloutPlan,
  step: RolloutPosition,
  observation: Observation,
  elapsedSeconds: number,
): RolloutStep {
  const current = observation.variants.find(({ variant }) => variant === (step.shadow ? 'shadow' : 'candidate'));
  const stable = observation.variants.find(({ variant }) => variant === 'stable');
  const limits = plan.analysis;
  const data = checkData(current, limits, elapsedSeconds);
  const settled = (check: RolloutCheck): RolloutCheck =>
    check.status === 'fail' && data.status !== 'pass' ? { ...check, status: 'inconclusive' } : check;
  const checks = [
    data,
    ...(current === undefined || current.requests === 0 ? [] : [checkErrors(current, limits)]),
    ...(current === undefined || current.rows === 0 ? [] : [checkMissing(current, limits)]),
    ...(step.compared && stable === undefined ? [nothingToCompare] : []),
    ...(step.compared && current !== undefined && stable !== undefined
      ? [
          checkLatency(current, stable, limits.maxLatencyRatio),
          checkScoreShift(current, stable, observation.pairs, limits.maxScorePsi),
        ].map(settled)
      : []),
  ];
  const status = worstStatus(checks.map((check) => check.status));
  const decision = decide(status, elapsedSeconds, limits);
  return {
    kind: 'rollout-step',
    version: 1,
    rollout: plan.id,
    model: plan.model,
    step: step.name,
    decision,
    status,
    elapsedSeconds,
    rows: current?.rows ?? 0,
    checks,
    message: describe(checks, decision, limits),
  };
}

const nothingToCompare: RolloutCheck = {
  name: 'data',
  status: 'inconclusive',
  observed: null,
  limit: null,
  message: 'nothing seen of the stable version',
};

function decide(status: RolloutCheck['status'], elapsed: number, limits: Limits): RolloutStep['decision'] {
  if (status === 'pass') return 'advance';
  if (status === 'fail' || status === 'error') return 'rollback';
  return elapsed >= limits.maxHoldSeconds ? 'rollback' : 'hold';
}

function checkData(current: VariantObservation | undefined, limits: Limits, elapsed: number): RolloutCheck {
  const rows = current?.rows ?? 0;
  const enough = rows >= limits.minRows && elapsed >= limits.holdSeconds;
  const short = rows < limits.minRows ? ` of the ${limits.minRows} needed` : '';
  return {
    name: 'data',
    status: enough ? 'pass' : 'inconclusive',
    observed: rows,
    limit: limits.minRows,
    message: `${rows.toLocaleString('en-US')} rows${short} in ${Math.round(elapsed)} s`,
  };
}

function checkErrors(current: VariantObservation, limits: Limits): RolloutCheck {
  const rate = current.errors / current.requests;
  return {
    name: 'errors',
    status: rate > limits.maxErrorRate ? 'fail' : 'pass',
    observed: rate,
    limit: limits.maxErrorRate,
    message: current.errors === 0 ? 'no errors' : `${current.errors} of ${current.requests} requests failed`,
  };
}

function checkMissing(current: VariantObservation, limits: Limits): RolloutCheck {
  const share = current.scores.missing / current.rows;
  return {
    name: 'missing scores',
    status: share > limits.maxErrorRate ? 'fail' : 'pass',
    observed: share,
    limit: limits.maxErrorRate,
    message:
      current.scores.missing === 0
        ? 'every row has a score'
        : `${current.scores.missing} of ${current.rows} rows have no score`,
  };
}

/** The reason for stopping comes first; a step that goes well is described by what it saw. */
function describe(checks: readonly RolloutCheck[], decision: RolloutStep['decision'], limits: Limits): string {
  const failed = checks.filter((check) => check.status === 'fail' || check.status === 'error');
  if (failed.length > 0) return failed.map((check) => `${check.name}: ${check.message}`).join('; ');
  const open = checks.filter((check) => check.status === 'inconclusive').map((check) => check.message);
  if (decision === 'rollback') return `undecided after ${limits.maxHoldSeconds} s: ${open.join('; ')}`;
  if (decision === 'hold') return `waiting: ${open.join('; ')}`;
  return checks
    .filter((check) => check.name !== 'missing scores')
    .map((check) => check.message)
    .join(', ');
}
