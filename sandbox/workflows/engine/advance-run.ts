import type { Conclusion, JobRecord, RunRecord } from '../model/records.ts';
import { assignJobs } from './assign-jobs.ts';
import type { Engine } from './engine.ts';
import { expandJob } from './expand-job.ts';
import { finishRun } from './finish-run.ts';
import { countedConclusion, needResult } from './needs-results.ts';
import { queueJob } from './queue-job.ts';

/** Moves a run on: jobs whose needs are done are decided, free places of a matrix are filled, the end is noticed. */
export function advanceRun(engine: Engine, run: RunRecord): void {
  if (run.status === 'completed' || run.status === 'pending') return;
  for (const key of [...run.unexpanded]) {
    const definition = run.workflow.body?.jobs[key];
    if (definition === undefined || !run.unexpanded.has(key)) continue;
    if (definition.needs.every((need) => needResult(run, need) !== null)) expandJob(engine, run, key, definition);
  }
  for (const job of run.jobs)
    if (job.status === 'waiting' && job.concurrencyGroup === null && hasPlace(run, job)) queueJob(engine, run, job);
  if (run.unexpanded.size === 0 && run.jobs.every((job) => job.status === 'completed'))
    finishRun(engine, run, concludeRun(run));
  else assignJobs(engine);
}

function hasPlace(run: RunRecord, { key, strategy }: JobRecord): boolean {
  const active = run.jobs.filter(
    (job) =>
      job.key === key &&
      (job.status === 'queued' ||
        job.status === 'in_progress' ||
        (job.status === 'waiting' && job.concurrencyGroup !== null)),
  );
  return active.length < strategy.maxParallel;
}

function concludeRun(run: RunRecord): Conclusion {
  const conclusions = run.jobs.map(countedConclusion);
  if (run.isCancelled) return 'cancelled';
  if (conclusions.includes('failure')) return 'failure';
  if (conclusions.includes('cancelled')) return 'cancelled';
  return conclusions.every((conclusion) => conclusion === 'skipped') ? 'skipped' : 'success';
}
