import type { Job } from '../github/shapes.ts';
import type { FileJob } from './read-needs.ts';

/** A job in the picture of a run; `job` is null while the run has not come to it. */
export type JobNode = { name: string; job: Job | null };

/** Jobs in columns as GitHub draws them: each stands right of everything it needs. */
export function jobColumns(jobs: readonly Job[], file: readonly FileJob[]): JobNode[][] {
  const columns: JobNode[][] = [];
  const place = (node: JobNode, depth: number) => {
    columns[depth] = [...(columns[depth] ?? []), node];
  };
  for (const entry of file) {
    const own = jobs.filter((job) => isOf(job, entry));
    const depth = depthOf(entry, file, []);
    for (const job of own) place({ name: job.name, job }, depth);
    if (own.length === 0) place({ name: entry.name, job: null }, depth);
  }
  for (const job of jobs) if (!file.some((entry) => isOf(job, entry))) place({ name: job.name, job }, 0);
  return columns.filter((column) => column !== undefined);
}

/** A matrix job is called `name (value, value)`. */
function isOf(job: Job, { key, name }: FileJob): boolean {
  return [key, name].some((known) => job.name === known || job.name.startsWith(`${known} (`));
}

/** Length of the longest chain of needs; a cycle, which GitHub refuses, ends the chain. */
function depthOf(job: FileJob, file: readonly FileJob[], seen: readonly string[]): number {
  const needed = file.filter((other) => job.needs.includes(other.key) && !seen.includes(other.key));
  return needed.reduce((depth, other) => Math.max(depth, depthOf(other, file, [...seen, job.key]) + 1), 0);
}
