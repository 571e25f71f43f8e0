import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { SweepPlan, SweepResult } from '../../../pipelines/contracts/sweep.ts';
import { sweepPlanSchema, sweepResultSchema } from '../../../pipelines/contracts/sweep.ts';
import { parseAsk } from '../../../pipelines/sweeps/parse-ask.ts';
import { parseDimension } from '../../../pipelines/sweeps/parse-dimension.ts';
import { countRungs, planRung } from '../../../pipelines/sweeps/plan-rung.ts';
import { planTrials } from '../../../pipelines/sweeps/plan-trials.ts';
import { rankTrials, type TrialOutcome } from '../../../pipelines/sweeps/rank-trials.ts';
import { reportedValue } from '../../../pipelines/sweeps/reported-value.ts';

const plan = (change: Partial<SweepPlan> = {}): SweepPlan =>
  sweepPlanSchema.parse({
    kind: 'sweep-plan',
    version: 1,
    model: 'm',
    commit: 'a'.repeat(40),
    method: 'grid',
    space: [parseDimension('lr=0.1,0.2'), parseDimension('depth=4..6')],
    trials: null,
    seed: 1,
    halving: null,
    metric: { name: 'roc_auc', goal: 'higher', reported: null },
    pull: null,
    ...change,
  });

describe('a dimension', () => {
  test.each([
    ['lr=0.01,0.1', { name: 'lr', values: [0.01, 0.1] }],
    [
      'conf/a.yaml:net.depth=4..8',
      { name: 'conf/a.yaml:net.depth', low: 4, high: 8, step: null, scale: 'linear', whole: true },
    ],
    ['depth=4..16..4', { name: 'depth', low: 4, high: 16, step: 4, scale: 'linear', whole: true }],
    ['lr=log:1e-4..0.1', { name: 'lr', low: 1e-4, high: 0.1, step: null, scale: 'log', whole: false }],
    ['shift=-1.5..1.5..0.5', { name: 'shift', low: -1.5, high: 1.5, step: 0.5, scale: 'linear', whole: false }],
    ['loss=mse,"a,b",true,null', { name: 'loss', values: ['mse', 'a,b', true, null] }],
    ['layers=[64, 32],[128]', { name: 'layers', values: [[64, 32], [128]] }],
  ])('%s is read', (text, dimension) => {
    expect(parseDimension(text)).toEqual(dimension);
  });

  test.each([
    'lr',
    '=1',
    'lr=',
    'lr=1,',
    'lr=5..1',
    'lr=1..1',
    'lr=log:0..1',
    'lr=log:1..9..2',
    'lr=1..9..0',
    'lr=1..',
    'a b=1',
    'a`b=1',
  ])('%s is refused, and how it is meant is said', (text) => {
    expect(() => parseDimension(text)).toThrow(
      expect.objectContaining({ code: 'sweep-invalid', message: expect.stringContaining('name=4..8') }),
    );
  });

  it('of any text is read or refused, and never anything else', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        try {
          expect(parseDimension(text).name).not.toBe('');
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'sweep-invalid' });
        }
      }),
    );
  });
});

describe('the trials of a sweep', () => {
  it('are the whole grid, the last parameter turning fastest', () => {
    expect(planTrials(plan()).map(({ number, parameters }) => [number, parameters.lr, parameters.depth])).toEqual([
      [1, 0.1, 4],
      [2, 0.1, 5],
      [3, 0.1, 6],
      [4, 0.2, 4],
      [5, 0.2, 5],
      [6, 0.2, 6],
    ]);
  });

  it('have the last value of a range, and no rounding errors', () => {
    const values = planTrials(plan({ space: [parseDimension('lr=0.1..0.5..0.1')] })).map(
      ({ parameters }) => parameters.lr,
    );
    expect(values).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
  });

  it('are never more than a matrix has jobs', () => {
    expect(planTrials(plan({ space: [parseDimension('n=1..256')] }))).toHaveLength(256);
    const large = plan({ space: [parseDimension('n=1..257')] });
    expect(() => planTrials(large)).toThrow(expect.objectContaining({ code: 'sweep-too-large' }));
    const huge = plan({ space: [parseDimension('n=0..1000000000'), parseDimension('m=0..1000000000')] });
    expect(() => planTrials(huge)).toThrow(expect.objectContaining({ code: 'sweep-too-large' }));
  });

  it('drawn at random lie in the space, are all different, and are the same for the same seed', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 60 }), (seed, trials) => {
        const drawn = plan({
          seed,
          trials,
          space: ['lr=log:0.001..0.1', 'depth=2..9', 'width=0.5..2.5..0.5', 'kind=a,b'].map(parseDimension),
        });
        const points = planTrials(drawn);
        expect(planTrials(drawn)).toEqual(points);
        expect(new Set(points.map(({ parameters }) => JSON.stringify(parameters))).size).toBe(trials);
        for (const { parameters } of points) {
          expect(parameters.lr).toBeGreaterThanOrEqual(0.001);
          expect(parameters.lr).toBeLessThanOrEqual(0.1);
          expect([2, 3, 4, 5, 6, 7, 8, 9]).toContain(parameters.depth);
          expect([0.5, 1, 1.5, 2, 2.5]).toContain(parameters.width);
          expect(['a', 'b']).toContain(parameters.kind);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('reach every value, and both halves of a log scale alike', () => {
    const points = planTrials(plan({ trials: 200, space: ['lr=log:0.0001..1', 'depth=1..4'].map(parseDimension) }));
    expect(new Set(points.map(({ parameters }) => parameters.depth))).toEqual(new Set([1, 2, 3, 4]));
    const small = points.filter(({ parameters }) => Number(parameters.lr) < 0.01).length;
    expect(small).toBeGreaterThan(75);
    expect(small).toBeLessThan(125);
  });

  it('of a small space are all there are, however many are asked for', () => {
    expect(planTrials(plan({ trials: 100 }))).toHaveLength(6);
  });
});

/** Ranks trials by what their number promises. */
function ranked(
  subject: SweepPlan,
  rung: number,
  before: SweepResult[],
  value: (number: number) => number | null,
): SweepResult {
  const outcomes = planRung(subject, before).map((trial): TrialOutcome => {
    const got = value(trial.number);
    const [status, note] = got === null ? (['failed', 'it broke'] as const) : (['ranked', ''] as const);
    return { ...trial, status, value: got, interval: null, sha256: null, key: null, note };
  });
  return sweepResultSchema.parse(
    rankTrials({ id: '2-55', plan: subject }, rung, outcomes, { basis: 'reported', rankedAt: '2026-11-21T00:00:00Z' }),
  );
}

describe('successive halving', () => {
  const halving = { parameter: 'trees', from: 10, to: 90, keep: 3 };
  const subject = plan({ method: 'halving', halving, trials: 9, space: [parseDimension('lr=0.1..0.9')] });

  it('gives the best third three times as much, until one rung has all of it', () => {
    expect(countRungs(subject)).toBe(3);
    const first = ranked(subject, 1, [], (number) => number);
    const second = ranked(subject, 2, [first], (number) => -number);
    const third = ranked(subject, 3, [first, second], () => 1);
    expect(first.trials.map(({ parameters }) => parameters.trees)).toEqual(Array(9).fill(10));
    expect(second.trials.map(({ number, parameters }) => [number, parameters.trees])).toEqual([
      [7, 30],
      [8, 30],
      [9, 30],
    ]);
    expect(third.trials.map(({ number, parameters }) => [number, parameters.trees])).toEqual([[7, 90]]);
    expect([first.winner, second.winner, third.winner]).toEqual([null, null, 7]);
    expect(planRung(subject, [first, second, third])).toEqual([]);
  });

  it('goes on without those that failed', () => {
    const first = ranked(subject, 1, [], (number) => (number > 1 ? null : 0.5));
    expect(planRung(subject, [first]).map(({ number }) => number)).toEqual([1]);
    expect(planRung(subject, [ranked(subject, 1, [], () => null)])).toEqual([]);
  });

  it('ends with all of it where the factors do not meet it', () => {
    const uneven = plan({ method: 'halving', halving: { ...halving, to: 100 }, space: subject.space, trials: 9 });
    const first = ranked(uneven, 1, [], (number) => number);
    const second = ranked(uneven, 2, [first], (number) => number);
    expect(planRung(uneven, [first, second])[0]?.parameters.trees).toBe(100);
  });
});

describe('the winner', () => {
  it('is the best by the goal of the metric, of equals the first, and never one without a value', () => {
    const values: Record<number, number | null> = { 1: 0.5, 2: 0.7, 3: 0.7, 4: null, 5: 0.1, 6: Number.MIN_VALUE };
    const at = (number: number) => values[number] ?? null;
    expect(ranked(plan(), 1, [], at)).toMatchObject({
      winner: 2,
      rule: expect.stringContaining('highest roc_auc (reported)'),
    });
    const lower = plan({ metric: { name: 'log_loss', goal: 'lower', reported: 'validation_loss' } });
    const result = ranked(lower, 1, [], at);
    expect(result.winner).toBe(6);
    expect(result.metric).toBe('validation_loss');
    expect(result.trials.map(({ number }) => number)).toEqual([6, 5, 1, 2, 3, 4]);
    expect(result.trials.at(-1)).toMatchObject({ rank: null, status: 'failed', note: 'it broke' });
    expect(ranked(plan(), 1, [], () => null).winner).toBeNull();
  });
});

describe('a reported metric', () => {
  const metric = { name: 'roc_auc', goal: 'higher', reported: null } as const;
  test.each([
    [
      { roc_auc: 0.7, validation_roc_auc: 0.6 },
      { value: 0.7, name: 'roc_auc' },
    ],
    [
      { validation_roc_auc: 0.6, loss: 1 },
      { value: 0.6, name: 'validation_roc_auc' },
    ],
    [{ a_roc_auc: 0.6, b_roc_auc: 0.7 }, { missing: expect.stringContaining('name one') }],
    [{ loss: 1 }, { missing: expect.stringContaining('loss') }],
    [{}, { missing: expect.stringContaining('none') }],
    [{ roc_auc: Number.NaN }, { missing: expect.any(String) }],
  ])('of %j is %j', (metrics, found) => {
    expect(reportedValue(metric, metrics)).toEqual(found);
  });

  it('that is named counts alone', () => {
    expect(reportedValue({ ...metric, reported: 'loss' }, { loss: 2, roc_auc: 1 })).toEqual({ value: 2, name: 'loss' });
    expect(reportedValue({ ...metric, reported: 'auc' }, { my_auc: 2 })).toHaveProperty('missing');
  });
});

describe('what is asked for in a comment', () => {
  it('is parameters and options in any order', () => {
    expect(parseAsk(['--random', '20', 'lr=1,2', '--seed=7', '--halving', 'trees=10..90', '--keep', '4'])).toEqual({
      space: [{ name: 'lr', values: [1, 2] }],
      trials: 20,
      seed: 7,
      halving: { parameter: 'trees', from: 10, to: 90, keep: 4 },
    });
  });

  test.each([
    [['--random']],
    [['--random', '0']],
    [['--random', '257']],
    [['--random', 'many']],
    [['--seed', '-1']],
    [['--colour', 'red']],
    [['--keep', '3']],
    [['--halving', 'trees']],
    [['--halving', 'trees=1,2']],
    [['--halving', 'trees=0..2']],
    [['--__proto__', '1']],
  ])('%j is refused', (words) => {
    expect(() => parseAsk(words)).toThrow(expect.objectContaining({ code: 'sweep-invalid' }));
  });
});
