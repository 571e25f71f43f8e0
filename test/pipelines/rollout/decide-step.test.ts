import { describe, expect, test } from 'vitest';
import type { Observation } from '../../../pipelines/contracts/observation.ts';
import type { RolloutPosition } from '../../../pipelines/contracts/rollout-plan.ts';
import { rolloutStepSchema } from '../../../pipelines/contracts/rollout-step.ts';
import { decideStep } from '../../../pipelines/rollout/decide-step.ts';
import { planRollout } from '../../../pipelines/rollout/plan-rollout.ts';
import { histogram, observationOf, type Seen, spread, variantOf } from './observe.ts';

const plan = planRollout({
  model: 'flight-delay',
  environment: 'production',
  policy: {
    steps: ['shadow', 25, 100],
    hold: '10s',
    analysis: { min_rows: 200, max_hold: '60s', max_error_rate: 0.01, max_latency_ratio: 2, max_score_psi: 0.25 },
  },
  candidate: { release: '1.1.0', tag: 'flight-delay@v1.1.0', sha256: 'b'.repeat(64) },
  stable: { release: '1.0.0', tag: 'flight-delay@v1.0.0', sha256: 'a'.repeat(64) },
});
const canary: RolloutPosition = { name: 'canary 25 %', weight: 25, shadow: false, compared: true };
const whole: RolloutPosition = { name: 'full 100 %', weight: 100, shadow: false, compared: false };
const shadow: RolloutPosition = { name: 'shadow', weight: 0, shadow: true, compared: true };

const good: Seen = { requests: spread(20, 50) };
const seen = (candidate: Seen, stable: Seen = { requests: spread(60, 50) }) =>
  observationOf([variantOf('stable', stable), variantOf('candidate', candidate)]);

type Row = {
  name: string;
  observation: Observation;
  elapsed?: number;
  step?: RolloutPosition;
  decision: string;
  reason: RegExp;
};

const table: Row[] = [
  {
    name: 'all well',
    observation: seen(good),
    decision: 'advance',
    reason: /^1,000 rows in 30 s, no errors, p95 .*PSI 0\.0/,
  },
  { name: 'too early', observation: seen(good), elapsed: 9, decision: 'hold', reason: /^waiting: 1,000 rows in 9 s$/ },
  {
    name: 'too few rows',
    observation: seen({ requests: spread(10, 10) }),
    decision: 'hold',
    reason: /100 rows of the 200 needed/,
  },
  { name: 'nothing at all', observation: seen({ requests: [] }), decision: 'hold', reason: /0 rows of the 200 needed/ },
  {
    name: 'no entry for the candidate',
    observation: observationOf([variantOf('stable', good)]),
    decision: 'hold',
    reason: /0 rows/,
  },
  {
    name: 'no entry for stable',
    observation: observationOf([variantOf('candidate', good)]),
    decision: 'hold',
    reason: /nothing seen of the stable/,
  },
  {
    name: 'nothing until patience ends',
    observation: seen({ requests: [] }),
    elapsed: 60,
    decision: 'rollback',
    reason: /^undecided after 60 s: 0 rows/,
  },
  {
    name: 'errors on few requests, early',
    observation: seen({ requests: spread(2, 10), errors: 1 }),
    elapsed: 1,
    decision: 'rollback',
    reason: /^errors: 1 of 3 requests failed$/,
  },
  {
    name: 'errors within the limit',
    observation: seen({ requests: spread(200, 50), errors: 2 }),
    decision: 'advance',
    reason: /2 of 202 requests failed/,
  },
  {
    name: 'rows without a score',
    observation: seen({ requests: [...spread(19, 50), Array.from({ length: 50 }, () => null)] }),
    decision: 'rollback',
    reason: /missing scores: 50 of 1000 rows/,
  },
  {
    name: 'every request slower than stable by far',
    observation: seen({ ...good, latencies: Array.from({ length: 20 }, () => 40) }),
    decision: 'rollback',
    reason: /latency: p95 40\.0 ms, stable 2\.0 ms, 20 of 20/,
  },
  {
    name: 'one slow request of twenty',
    observation: seen({ ...good, latencies: [90, ...Array.from({ length: 19 }, () => 2)] }),
    decision: 'advance',
    reason: /1 of 20 requests over/,
  },
  {
    name: 'five times slower, yet within the slack of the machine',
    observation: seen({ ...good, latencies: Array.from({ length: 20 }, () => 10) }),
    decision: 'advance',
    reason: /p95 10\.0 ms/,
  },
  {
    name: 'scores moved',
    observation: seen({ requests: spread(20, 50, 0.5, 0.95) }),
    decision: 'rollback',
    reason: /^score shift: score PSI/,
  },
  {
    name: 'scores moved, but the step has not had its time',
    observation: seen({ requests: spread(20, 50, 0.5, 0.95) }),
    elapsed: 9,
    decision: 'hold',
    reason: /^waiting: 1,000 rows in 9 s; score PSI/,
  },
  {
    name: 'scores moved in the few rows there are',
    observation: seen({ requests: spread(10, 15, 0.5, 0.95) }),
    decision: 'hold',
    reason: /150 rows of the 200 needed/,
  },
  {
    name: 'too few requests to compare',
    observation: seen({ requests: spread(4, 100) }),
    decision: 'hold',
    reason: /too few requests to compare latency \(4 and 60, 8 needed\)/,
  },
  {
    name: 'several faults are all named',
    observation: seen({ requests: spread(20, 50, 0.5, 0.95), errors: 5 }),
    decision: 'rollback',
    reason: /errors: .*; score shift: /,
  },
  {
    name: 'at 100 % there is nobody to compare with',
    observation: seen(good, { requests: [] }),
    step: whole,
    decision: 'advance',
    reason: /^1,000 rows in 30 s, no errors$/,
  },
];

test.each(table)('$name', ({ observation, elapsed = 30, step = canary, decision, reason }) => {
  const result = decideStep(plan, step, observation, elapsed);
  expect(rolloutStepSchema.parse(result)).toEqual(result);
  expect(result.message).toMatch(reason);
  expect(result.decision).toBe(decision);
});

test('every check holds what was observed, the limit and a message', () => {
  const { checks } = decideStep(plan, canary, seen({ ...good, errors: 4 }), 30);
  expect(checks.map(({ name, status, limit }) => [name, status, limit])).toEqual([
    ['data', 'pass', 200],
    ['errors', 'fail', 0.01],
    ['missing scores', 'pass', 0.01],
    ['latency', 'pass', 12],
    ['score shift', 'pass', 0.25],
  ]);
  expect(checks[1]?.observed).toBeCloseTo(4 / 24);
});

describe('a shadow', () => {
  const rows = spread(20, 50);
  const pairs = (own: number[][]) => ({
    rows: own.flat().length,
    meanAbsoluteDifference: 0,
    maxAbsoluteDifference: 0,
    stableScores: histogram(rows),
  });

  test('is compared on the very rows that it saw', () => {
    // Stable saw other rows besides; only the pairs count.
    const stable = variantOf('stable', { requests: [...rows, ...spread(60, 50, 0.6, 0.99)] });
    const result = decideStep(
      plan,
      shadow,
      observationOf([stable, variantOf('shadow', { requests: rows })], pairs(rows)),
      30,
    );
    expect(result.decision).toBe('advance');
  });

  test('is stopped when it scores the same rows differently', () => {
    const moved = rows.map((request) => request.map((score) => score + 0.3));
    const observation = observationOf(
      [variantOf('stable', { requests: rows }), variantOf('shadow', { requests: moved })],
      pairs(rows),
    );
    expect(decideStep(plan, shadow, observation, 30)).toMatchObject({ decision: 'rollback', status: 'fail' });
  });
});
