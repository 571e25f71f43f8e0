import { describeError } from '../../pipelines/describe-error.ts';
import type { JobRun } from './job-run.ts';

/** Puts a fault where people look: into the log and beside the run. */
export function reportFault(job: JobRun, number: number, fault: unknown): void {
  const message = describeError(fault);
  job.log(number, `##[error]${message}`);
  job.annotate({ level: 'failure', message, title: '', path: '.github', startLine: 1, endLine: 1 });
}
