import { durationSeconds } from '../config/duration-seconds.ts';
import { type AnalysisPolicy, analysisSchema, type ModelConfig } from '../config/schema.ts';
import type { RolloutPlan, RolloutPosition, ServedRelease } from '../contracts/rollout-plan.ts';
import { PulltrainError } from '../errors.ts';
import { integrityHex, integrityOfDocument } from '../integrity.ts';

export type RolloutRequest = {
  model: string;
  environment: string;
  policy: ModelConfig['rollout'];
  candidate: ServedRelease;
  /** What the environment serves now; null before its first release. */
  stable: ServedRelease | null;
};

/**
 * The way of one release into one environment. `staging` gets it whole, for a look at a few answers; so does an
 * environment that serves nothing yet, because there is nothing to compare with or to lose.
 */
export function planRollout({ model, environment, policy, candidate, stable }: RolloutRequest): RolloutPlan {
  checkRising(policy.steps);
  const body = {
    model,
    environment,
    candidate,
    stable,
    steps: planSteps(environment, policy.steps, stable),
    analysis: planAnalysis(policy),
  };
  return {
    kind: 'rollout-plan',
    version: 1,
    id: `rollout-${integrityHex(integrityOfDocument(body)).slice(0, 16)}`,
    ...body,
  };
}

function planSteps(
  environment: string,
  steps: ModelConfig['rollout']['steps'],
  stable: ServedRelease | null,
): RolloutPosition[] {
  if (environment === 'staging') return [{ name: 'staging', weight: 100, shadow: false, compared: false }];
  if (stable === null) return [full];
  return steps.flatMap((step) => (step === 'staging' ? [] : [planStep(step)]));
}

const full: RolloutPosition = { name: 'full 100 %', weight: 100, shadow: false, compared: false };

function planStep(step: 'shadow' | number): RolloutPosition {
  if (step === 'shadow') return { name: 'shadow', weight: 0, shadow: true, compared: true };
  if (step === 100) return full;
  return { name: `canary ${step} %`, weight: step, shadow: false, compared: true };
}

function planAnalysis(policy: ModelConfig['rollout']): RolloutPlan['analysis'] {
  const analysis: AnalysisPolicy = analysisSchema.parse(policy.analysis === 'default' ? {} : policy.analysis);
  const holdSeconds = durationSeconds(policy.hold);
  return {
    holdSeconds,
    // A step must be able to end well before its patience ends.
    maxHoldSeconds: Math.max(durationSeconds(analysis.max_hold), holdSeconds + 1),
    minRows: analysis.min_rows,
    maxErrorRate: analysis.max_error_rate,
    maxLatencyRatio: analysis.max_latency_ratio,
    maxScorePsi: analysis.max_score_psi,
  };
}

/** Order: staging, shadow, rising percentages, 100 last. Anything else would move traffic back and forth. */
function checkRising(steps: ModelConfig['rollout']['steps']): void {
  const order = steps.map((step) => (step === 'staging' ? -1 : step === 'shadow' ? 0 : step));
  const rising = order.every((position, index) => index === 0 || position > (order[index - 1] ?? -2));
  if (rising && order.at(-1) === 100) return;
  throw new PulltrainError('rollout-steps-invalid', {
    what: 'steps must rise and end at 100',
    where: 'rollout.steps',
    seen: JSON.stringify(steps),
    cure: 'For example [staging, shadow, 2, 25, 75, 100].',
  });
}
