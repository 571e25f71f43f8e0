import type { Job } from '../github/shapes.ts';
import type { FileJob } from './read-needs.ts';

/** Jobs in columns as GitHub draws them: each stands right of everything it needs. */
export function jobColumns(jobs: readonly Job[], file: readonly FileJob[]): Job[][] {
  const depths = new Map(file.map((entry) => [entry.key, depthOf(entry, file, [])]));
  const columns: Job[][] = [];
  for (const job of jobs) {
    const entry = file.find(({ key, name }) => [key, name].some((known) => isNamed(job.name, known)));
    const column = depths.get(entry?.key ?? '') ?? 0;
    columns[column] = [...(columns[column] ?? []), job];
  }
  return columns.filter((column) => column !== undefined);
}

/** A matrix job is called `name (value, value)`. */
function isNamed(job: string, name: string): boolean {
  return job === name || job.startsWith(`${name} (`);
}

/** Length of the longest chain of needs; a cycle, which GitHub refuses, ends the chain. */
function depthOf(job: FileJob, file: readonly FileJob[], seen: readonly string[]): number {
  const needed = file.filter((other) => job.needs.includes(other.key) && !seen.includes(other.key));
  return needed.reduce((depth, other) => Math.max(depth, depthOf(other, file, [...seen, job.key]) + 1), 0);
}
