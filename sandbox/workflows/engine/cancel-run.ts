import type { RunRecord } from '../model/records.ts';
import { advanceRun } from './advance-run.ts';
import type { Engine } from './engine.ts';
import { finishJob } from './finish-job.ts';
import { finishRun } from './finish-run.ts';

/** Stops a run: waiting jobs end at once, running ones when their runner has stopped them. */
export function cancelRun(engine: Engine, run: RunRecord, reason: string): void {
  if (run.status === 'completed' || run.isCancelled) return;
  run.isCancelled = true;
  run.annotations.push({
    level: 'failure',
    message: reason,
    title: '',
    path: '.github',
    startLine: 1,
    endLine: 1,
  });
  if (run.status === 'pending') {
    run.unexpanded.clear();
    finishRun(engine, run, 'cancelled');
    return;
  }
  for (const job of run.jobs) {
    if (job.status === 'in_progress') engine.runners.get(job.runner?.id ?? -1)?.cancel(job);
    else if (job.status !== 'completed') finishJob(engine, run, job, 'cancelled');
  }
  advanceRun(engine, run);
}
