import { announceJob, announceRun } from './announce.ts';
import type { Engine, Runner } from './engine.ts';
import { recordDeployment } from './record-deployment.ts';

/** Gives waiting jobs, oldest first, to free runners that have all their labels. The rest stays queued. */
export function assignJobs(engine: Engine): void {
  for (const waiting of [...engine.queue]) {
    const { run, job } = waiting;
    const runner = [...engine.runners.values()].find((one) => one.job === null && hasLabels(one, job.labels));
    if (runner === undefined || job.status !== 'queued') continue;
    engine.queue = engine.queue.filter((one) => one !== waiting);
    job.status = 'in_progress';
    job.startedAt = engine.kernel.now().toISOString();
    job.runner = { id: runner.id, name: runner.name };
    runner.job = job;
    const isFirst = run.status !== 'in_progress';
    run.status = 'in_progress';
    announceJob(engine, run, job, 'in_progress');
    recordDeployment(engine, run, job, 'in_progress');
    if (isFirst) announceRun(engine, run, 'in_progress');
    runner.take(run, job);
  }
}

function hasLabels(runner: Runner, labels: readonly string[]): boolean {
  const own = new Set(runner.labels.map((label) => label.toLowerCase()));
  return labels.every((label) => own.has(label.toLowerCase()));
}
