import type { RunRecord } from '../contracts/run-record.ts';
import type { SweepPlan, Trial } from '../contracts/sweep.ts';
import type { TrialOutcome } from './rank-trials.ts';
import { reportedValue } from './reported-value.ts';

/** What a training run says of itself, as the outcome of a trial. */
export function outcomeOfRun(trial: Trial, run: RunRecord, metric: SweepPlan['metric']): TrialOutcome {
  const shared = { ...trial, interval: null, sha256: run.modelFile?.sha256 ?? null, key: run.key };
  if (run.status === 'failed') {
    return {
      ...shared,
      status: 'failed',
      value: null,
      note: (run.failure?.message ?? 'Training failed.').slice(0, 1000),
    };
  }
  const found = reportedValue(metric, run.reportedMetrics);
  if ('value' in found) return { ...shared, status: 'ranked', value: found.value, reportedAs: found.name, note: '' };
  return { ...shared, status: 'refused', value: null, note: found.missing.slice(0, 1000) };
}
