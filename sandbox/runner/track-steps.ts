import type { StepRecord } from '../workflows/model/records.ts';
import type { JobRun, Outcome } from './job-run.ts';
import { reportFault } from './report-fault.ts';

export type StepTracker = (name: string, run: (number: number) => Promise<Outcome>) => Promise<Outcome>;

/** Numbers what a job does and reports when each part begins and ends. What it throws fails the job. */
export function trackSteps(job: JobRun): StepTracker {
  let number = 0;
  return async (name, run) => {
    number += 1;
    const record: StepRecord = {
      number,
      name: job.masker.mask(name),
      status: 'in_progress',
      conclusion: null,
      startedAt: new Date().toISOString(),
      completedAt: null,
    };
    job.report(record);
    let outcome: Outcome;
    try {
      outcome = await run(number);
    } catch (fault) {
      reportFault(job, number, fault);
      job.hasFailed = true;
      outcome = 'failure';
    }
    job.report({ ...record, status: 'completed', conclusion: outcome, completedAt: new Date().toISOString() });
    return outcome;
  };
}
