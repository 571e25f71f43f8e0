import { describe, expect, test } from 'vitest';
import { rolloutPlanSchema } from '../../../pipelines/contracts/rollout-plan.ts';
import { planRollout, type RolloutRequest } from '../../../pipelines/rollout/plan-rollout.ts';

const request: RolloutRequest = {
  model: 'flight-delay',
  environment: 'production',
  policy: { steps: ['staging', 'shadow', 2, 25, 75, 100], hold: '10m', analysis: 'default' },
  candidate: { release: '1.1.0', tag: 'flight-delay@v1.1.0', sha256: 'b'.repeat(64) },
  stable: { release: '1.0.0', tag: 'flight-delay@v1.0.0', sha256: 'a'.repeat(64) },
};
const namesOf = (change: Partial<RolloutRequest>) =>
  planRollout({ ...request, ...change }).steps.map(({ name }) => name);

test('production goes through every step of the policy but staging', () => {
  const plan = planRollout(request);
  expect(rolloutPlanSchema.parse(plan)).toEqual(plan);
  expect(plan.steps).toEqual([
    { name: 'shadow', weight: 0, shadow: true, compared: true },
    { name: 'canary 2 %', weight: 2, shadow: false, compared: true },
    { name: 'canary 25 %', weight: 25, shadow: false, compared: true },
    { name: 'canary 75 %', weight: 75, shadow: false, compared: true },
    { name: 'full 100 %', weight: 100, shadow: false, compared: false },
  ]);
  expect(plan.analysis).toEqual({
    holdSeconds: 600,
    maxHoldSeconds: 1800,
    minRows: 200,
    maxErrorRate: 0.01,
    maxLatencyRatio: 2,
    maxScorePsi: 0.25,
  });
});

test('a first release has nothing to be compared with', () => {
  expect(namesOf({ stable: null })).toEqual(['full 100 %']);
});

test('staging is one step, whatever the policy', () => {
  expect(namesOf({ environment: 'staging' })).toEqual(['staging']);
});

test('patience is never shorter than the hold', () => {
  expect(planRollout({ ...request, policy: { ...request.policy, hold: '2h' } }).analysis.maxHoldSeconds).toBe(7201);
});

describe('the id', () => {
  test('is the same when the same rollout is planned again', () => {
    expect(planRollout(structuredClone(request)).id).toBe(planRollout(request).id);
  });

  test.each<Partial<RolloutRequest>>([
    { environment: 'europe' },
    { candidate: { ...request.candidate, sha256: 'c'.repeat(64) } },
    { stable: null },
    { policy: { ...request.policy, hold: '1m' } },
  ])('changes with %o', (change) => {
    expect(planRollout({ ...request, ...change }).id).not.toBe(planRollout(request).id);
  });
});

test.each([[[25, 2, 100]], [[2, 25]], [[2, 2, 100]], [['shadow', 'staging', 100]], [[50, 'shadow', 100]]] as const)(
  'steps %j are refused',
  (steps) => {
    const policy = { ...request.policy, steps: [...steps] };
    expect(() => planRollout({ ...request, policy })).toThrow(
      expect.objectContaining({ code: 'rollout-steps-invalid' }),
    );
  },
);
