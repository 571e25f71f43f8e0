import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../../pipelines/runs/compare-runs.ts';
import { findRun } from '../../../pipelines/runs/find-run.ts';
import type { KnownRun } from '../../../pipelines/runs/known-run.ts';
import { runRecord } from '../../fixtures/run-record.ts';

const known = (id: string, record = runRecord()): KnownRun => ({
  id,
  origin: 'local',
  record,
  pull: null,
  verdict: null,
  verified: {},
});

it('two runs are told apart part by part', () => {
  const right = runRecord(
    { parameters: { lr: 0.2, depth: 4 }, features: { weather: 'v2' }, reportedMetrics: { accuracy: 0.95 } },
    'other',
  );
  expect(compareRuns(known('a'), { ...known('b', right), verified: { roc_auc: 0.8 } })).toEqual({
    sameKey: true,
    parameters: [
      { name: 'depth', left: undefined, right: 4 },
      { name: 'lr', left: 0.1, right: 0.2 },
    ],
    features: [{ name: 'weather', left: undefined, right: 'v2' }],
    metrics: [
      { name: 'accuracy', left: 0.9, right: 0.95, change: expect.closeTo(0.05) },
      { name: 'verified roc_auc', left: undefined, right: 0.8, change: null },
    ],
    inputs: [],
    outputs: [expect.objectContaining({ name: 'out' })],
    stages: [],
    environment: [],
  });
});

describe('a run is found', () => {
  const runs = [known('20260102-aa'), known('20260101-bb'), known('eta/aaaaaaaaaaaa')];

  it.each([
    ['latest', '20260102-aa'],
    ['20260101', '20260101-bb'],
    ['aaaaaaaaaaaa', 'eta/aaaaaaaaaaaa'],
  ])('by %s', (wanted, id) => {
    const own = wanted === 'aaaaaaaaaaaa' ? runs.slice(2) : runs;
    expect(findRun(own, wanted).id).toBe(id);
  });

  it('or the choice is shown', () => {
    expect(() => findRun(runs, '2026')).toThrow(/more than one run.*20260102-aa, 20260101-bb/);
    expect(() => findRun(runs, 'nothing')).toThrow(/no such run/);
  });
});
