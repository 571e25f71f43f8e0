import { describe, expect, it } from 'vitest';
import { modelSchema } from '../../../pipelines/config/schema.ts';
import { planRetrain, type RetrainFacts } from '../../../pipelines/retraining/plan-retrain.ts';
import { formatRetrainMarker, parseRetrainMarker } from '../../../pipelines/retraining/retrain-marker.ts';

const policy = (retrain: object) =>
  modelSchema.parse({
    task: 'binary',
    output: 'out/model.onnx',
    holdout: { data: 'data/holdout.parquet', target: 'late', time: 'date' },
    metrics: { primary: 'roc_auc' },
    retrain,
  }).retrain;

const snapshot = { parameter: 'data.snapshot', data: 'data/*.parquet' };
const window = { months: 4, from: 'train.from', to: 'train.to' };

function plan(facts: Partial<RetrainFacts> = {}) {
  return planRetrain({
    model: 'flight-delay',
    policy: policy({ snapshot, window }),
    on: 'command',
    cause: 'comment-55',
    parameters: 'data: { snapshot: data/a.parquet }\ntrain: { from: 2001-01-01, to: 2001-03-31 }\n',
    snapshots: [
      { path: 'data/b.parquet', days: { from: '2001-01-01', to: '2001-05-31' } },
      { path: 'data/a.parquet', days: { from: '2001-01-01', to: '2001-03-31' } },
    ],
    earlier: [],
    now: new Date('2026-11-21T00:00:00Z'),
    issue: 4,
    requestedBy: 'maya',
    ...facts,
  });
}

describe('a retraining', () => {
  it('takes the newest snapshot and its last whole months', () => {
    expect(plan()).toEqual({
      refusal: null,
      opened: null,
      request: {
        kind: 'retrain-request',
        version: 1,
        model: 'flight-delay',
        reason: 'command',
        issue: 4,
        requestedBy: 'maya',
        branch: expect.stringMatching(/^pulltrain\/retrain-4-[0-9a-f]{7}$/),
        title: 'Retrain flight-delay on 2001-02-01 to 2001-05-31',
        parameters: { 'data.snapshot': 'data/b.parquet', 'train.from': '2001-02-01', 'train.to': '2001-05-31' },
      },
    });
  });

  it('is on a branch named after what changes', () => {
    const later = { path: 'data/c.parquet', days: { from: '2001-01-01', to: '2001-06-30' } };
    expect(plan().request?.branch).toBe(plan({ requestedBy: 'dana' }).request?.branch);
    expect(plan().request?.branch).not.toBe(plan({ snapshots: [later] }).request?.branch);
  });

  it('without a window changes the snapshot alone, the newest by name when no days are known', () => {
    const names = ['data/9.parquet', 'data/10.parquet'].map((path) => ({ path, days: null }));
    expect(plan({ policy: policy({ snapshot }), snapshots: names }).request).toMatchObject({
      title: 'Retrain flight-delay on data/10.parquet',
      parameters: { 'data.snapshot': 'data/10.parquet' },
    });
  });

  it('prefers the snapshot with the newest days to the one with the last name', () => {
    const snapshots = [
      { path: 'data/z.parquet', days: { from: '2001-01-01', to: '2001-04-30' } },
      { path: 'data/b.parquet', days: { from: '2001-01-01', to: '2001-05-31' } },
    ];
    expect(plan({ snapshots }).request?.parameters['data.snapshot']).toBe('data/b.parquet');
  });
});

const open = { number: 9, open: true, openedAt: '2026-11-20T00:00:00Z', cause: 'comment-12', issue: 3 };
const atDrift = { policy: policy({ on: ['drift'], snapshot, window }), on: 'drift', cause: 'episode-4' } as const;

describe('a retraining that drift asks for', () => {
  it('is the one that a command on the same issue asks for', () => {
    const { request } = plan({ ...atDrift, requestedBy: 'the watch' });
    expect(request).toEqual({ ...plan().request, reason: 'drift', requestedBy: 'the watch' });
  });

  it.each([true, false])('leads to one pull request, also later (still open: %s)', (stillOpen) => {
    const own = { ...open, open: stillOpen, cause: 'episode-4', issue: 4 };
    const later = new Date('2027-11-21T00:00:00Z');
    expect(plan({ ...atDrift, earlier: [own], now: later })).toEqual({ request: null, refusal: null, opened: 9 });
  });

  it('is not wanted any more when a person has asked on the same issue', () => {
    const theirs = { ...open, open: false, issue: 4 };
    const later = new Date('2027-11-21T00:00:00Z');
    expect(plan({ ...atDrift, earlier: [theirs], now: later }).refusal?.code).toBe('episode-answered');
    expect(plan({ earlier: [theirs], now: later }).refusal).toBeNull();
  });

  it('waits for the open one and for the cooldown like any other', () => {
    expect(plan({ ...atDrift, earlier: [open] }).refusal?.code).toBe('already-open');
    expect(plan({ ...atDrift, earlier: [{ ...open, open: false }] }).refusal?.code).toBe('cooldown');
  });
});

describe('a refusal to retrain', () => {
  const only = (path: string, from: string, to: string) => [{ path, days: { from, to } }];

  it.each<[string, Partial<RetrainFacts>, string, string]>([
    ['no policy', { policy: undefined }, 'no-policy', 'does not say how'],
    ['no snapshot rule', { policy: policy({ window }) }, 'no-policy', 'does not say how'],
    ['drift that may not ask', { on: 'drift' }, 'not-allowed', 'a drift retrain'],
    ['a command that may not ask', { policy: atDrift.policy }, 'not-allowed', 'a command retrain'],
    ['an open one', { earlier: [open] }, 'already-open', '#9'],
    ['one a short while ago', { earlier: [{ ...open, open: false }] }, 'cooldown', '2026-11-27 00:00 UTC'],
    ['no data', { snapshots: [] }, 'no-snapshot', 'data/*.parquet'],
    [
      'less than a month',
      { snapshots: only('data/b.parquet', '2001-05-02', '2001-05-31') },
      'no-snapshot',
      'whole month',
    ],
    ['nothing newer', { snapshots: only('data/a.parquet', '2001-01-01', '2001-03-31') }, 'nothing-newer', '2001-03-31'],
    [
      'only older data',
      { snapshots: only('data/0.parquet', '2000-01-01', '2001-02-28') },
      'nothing-newer',
      '2001-02-28',
    ],
  ])('because of %s says so', (_, facts, code, sentence) => {
    const { request, refusal } = plan(facts);
    expect(request).toBeNull();
    expect(refusal?.code).toBe(code);
    expect(refusal?.message).toContain(sentence);
  });

  it('ends when the cooldown is over to the second', () => {
    const earlier = [{ ...open, open: false, openedAt: '2026-11-14T00:00:00Z' }];
    expect(plan({ earlier }).refusal).toBeNull();
    expect(plan({ earlier, now: new Date('2026-11-20T23:59:59Z') }).refusal?.code).toBe('cooldown');
  });
});

describe('the first line of a retraining pull request', () => {
  it('is read back', () => {
    const marker = { model: 'flight-delay', cause: 'comment-55', issue: 4 };
    expect(parseRetrainMarker(`${formatRetrainMarker(marker)}\nbody`)).toEqual(marker);
  });

  it.each([
    '',
    'text',
    '<!-- pulltrain:retrain model=m cause=c issue=x -->',
    `\n${formatRetrainMarker({ model: 'm', cause: 'c', issue: 1 })}`,
  ])('is not seen in %j', (body) => {
    expect(parseRetrainMarker(body)).toBeNull();
  });
});
