import type { Conclusion, JobRecord, RunRecord } from '../model/records.ts';
import { advanceRun } from './advance-run.ts';
import { announceJob } from './announce.ts';
import { assignJobs } from './assign-jobs.ts';
import type { Engine } from './engine.ts';
import { countedConclusion } from './needs-results.ts';
import { recordDeployment } from './record-deployment.ts';

/** Ends a job however it came to its end, and lets what waited for it go on. */
export function finishJob(engine: Engine, run: RunRecord, job: JobRecord, conclusion: Conclusion): void {
  if (job.status === 'completed') return;
  job.status = 'completed';
  job.conclusion = conclusion;
  job.completedAt = engine.kernel.now().toISOString();
  job.startedAt ??= job.completedAt;
  engine.queue = engine.queue.filter((waiting) => waiting.job !== job);
  const token = engine.tokens.get(job.id);
  if (token !== undefined) engine.kernel.revokeToken(token);
  engine.tokens.delete(job.id);
  announceJob(engine, run, job, 'completed');
  recordDeployment(engine, run, job, conclusion === 'success' ? 'success' : 'failure');
  if (job.concurrencyGroup !== null) engine.groups.leave(job.concurrencyGroup, job.id);
  if (countedConclusion(job) === 'failure' && job.strategy.failFast) stopSiblings(engine, run, job);
  advanceRun(engine, run);
  assignJobs(engine);
}

/** `fail-fast`: one failed job of a matrix stops the others. */
function stopSiblings(engine: Engine, run: RunRecord, failed: JobRecord): void {
  for (const job of run.jobs.filter((one) => one.key === failed.key && one.status !== 'completed')) {
    if (job.status === 'in_progress') engine.runners.get(job.runner?.id ?? -1)?.cancel(job);
    else finishJob(engine, run, job, 'cancelled');
  }
}
