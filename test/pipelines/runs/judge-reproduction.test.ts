import { describe, expect, it } from 'vitest';
import { judgeReproduction } from '../../../pipelines/runs/judge-reproduction.ts';
import { runRecord } from '../../fixtures/run-record.ts';

const options = { tolerance: 1e-6, scores: null };
const model = (sha256: string) => ({
  path: 'model.onnx',
  sha256: sha256.repeat(64),
  integrity: `sha256-${'A'.repeat(43)}=`,
  size: 1,
});

describe('a run that was made again', () => {
  it('is bit-equal when every output is', () => {
    expect(judgeReproduction(runRecord(), runRecord(), options)).toMatchObject({
      verdict: 'bit-equal',
      sentence: 'Every output has the bytes it had.',
    });
  });

  it('is equal within tolerance when other bytes say the same', () => {
    const again = runRecord({ reportedMetrics: { accuracy: 0.9 + 1e-9 } }, 'other');
    expect(judgeReproduction(runRecord(), again, options)).toMatchObject({
      verdict: 'equal-within-tolerance',
      outputs: [{ path: 'out', stage: 'train' }],
      sentence:
        'The first output that differs is out of stage train, but 1 metrics agree within 0.000001. Inputs and environment are the same: the stage does not make the same twice.',
    });
  });

  it('is different when a metric is, and names what may have caused it', () => {
    const python = { version: '3.12.1', packages: ['numpy==2.1.0'] };
    const again = runRecord({ reportedMetrics: { accuracy: 0.8 } }, 'other');
    const judged = judgeReproduction(runRecord(), { ...again, environment: { ...again.environment, python } }, options);
    expect(judged).toMatchObject({
      verdict: 'different',
      environment: [{ name: 'python numpy', before: '2.0.0', now: '2.1.0' }],
      sentence:
        'The first output that differs is out of stage train. Metrics that differ by more than 0.000001: accuracy. It had another environment (python numpy).',
    });
  });

  it('is different when nothing but bytes could be compared', () => {
    const quiet = { reportedMetrics: {} };
    expect(judgeReproduction(runRecord(quiet), runRecord(quiet, 'other'), options).verdict).toBe('different');
  });

  it('is different when a model cannot be compared, or answers otherwise', () => {
    const before = runRecord({ modelFile: model('a') });
    const now = runRecord({ modelFile: model('b') }, 'other');
    const scored = (right: number) => ({
      ...options,
      scores: { left: Float64Array.of(0.5, 0.1), right: Float64Array.of(0.5, right) },
    });
    expect(judgeReproduction(before, now, options).verdict).toBe('different');
    expect(judgeReproduction(before, now, scored(0.2)).verdict).toBe('different');
    expect(judgeReproduction(before, now, scored(Number.NaN)).verdict).toBe('different');
    expect(judgeReproduction(before, now, scored(0.1 + 1e-8)).verdict).toBe('equal-within-tolerance');
  });

  it('is different when it failed', () => {
    const failure = { code: 'stage-failed', stage: 'train', message: 'no module named numpy' } as const;
    const again = runRecord({ status: 'failed', failure, stages: [] });
    expect(judgeReproduction(runRecord(), again, options)).toMatchObject({
      verdict: 'different',
      sentence: expect.stringContaining('It failed: no module named numpy'),
    });
  });
});
