import type { JsonObject } from '../expressions/json.ts';
import type { Conclusion, JobRecord, RunRecord } from '../model/records.ts';

export type NeedResult = { result: 'success' | 'failure' | 'cancelled' | 'skipped'; outputs: Record<string, string> };

/** The result of one job key, all its matrix jobs taken together; null while any of them is unfinished. */
export function needResult(run: RunRecord, key: string): NeedResult | null {
  const jobs = run.jobs.filter((job) => job.key === key);
  if (run.unexpanded.has(key) || jobs.some((job) => job.status !== 'completed')) return null;
  const conclusions = jobs.map(countedConclusion);
  const has = (conclusion: Conclusion) => conclusions.includes(conclusion);
  const result = has('failure')
    ? 'failure'
    : has('cancelled')
      ? 'cancelled'
      : conclusions.length > 0 && conclusions.every((one) => one === 'skipped')
        ? 'skipped'
        : 'success';
  const finished = jobs.toSorted((left, right) => (left.completedAt ?? '').localeCompare(right.completedAt ?? ''));
  return { result, outputs: Object.assign({}, ...finished.map((job) => withoutEmpty(job.outputs))) };
}

/** What a job counts as for the jobs after it and for the run: a tolerated failure is a success. */
export function countedConclusion(job: JobRecord): Conclusion {
  return job.continueOnError && job.conclusion === 'failure' ? 'success' : (job.conclusion ?? 'failure');
}

/** The `needs` context: direct needs only. */
export function needsContext(run: RunRecord, needs: readonly string[]): JsonObject {
  return Object.fromEntries(
    needs.map((key) => {
      const found = needResult(run, key);
      return [key, { result: found?.result ?? 'skipped', outputs: { ...found?.outputs } }];
    }),
  );
}

/** Every job that a job waits for, however far back; `success()` and `failure()` of a job look at all of them. */
export function ancestorsOf(run: RunRecord, key: string): string[] {
  const found = new Set<string>();
  const visit = (current: string): void => {
    for (const need of run.workflow.body?.jobs[current]?.needs ?? [])
      if (!found.has(need)) {
        found.add(need);
        visit(need);
      }
  };
  visit(key);
  return [...found];
}

function withoutEmpty(outputs: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== ''));
}
