import type { Api } from '../github/gather.ts';

/** A line of a job's log and the step that wrote it; null where that is not known. */
export type LogLine = { step: number | null; text: string };

/** What GitHub's pages show of a job and its REST does not tell: the log while it runs, and the summaries of its steps. */
type JobWatch = {
  log: readonly { step: number; text: string }[];
  summaries: readonly { step: number; text: string }[];
};
export type WatchJob = (id: number) => JobWatch | null;

/** The log of a job as far as it is written: from the running job, else the finished one's text. */
export async function gatherLog(api: Api, watch: WatchJob, repository: string, job: number): Promise<LogLine[]> {
  const watched = watch(job);
  if (watched !== null) return [...watched.log];
  const answer = await api(`/repos/${repository}/actions/jobs/${job}/logs`);
  if (answer.status !== 200 || answer.text === '') return [];
  const lines = answer.text.replace(/\r?\n$/, '').split(/\r?\n/);
  return lines.map((text) => ({ step: null, text }));
}

/** Markdown that the steps of a job wrote to its summary; null without any. */
export function readSummary(watch: WatchJob, job: number): string | null {
  const texts = watch(job)?.summaries.map(({ text }) => text) ?? [];
  return texts.join('').trim() === '' ? null : texts.join('\n\n');
}
