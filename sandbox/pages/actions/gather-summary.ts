import type { Api } from '../github/gather.ts';

/** Markdown that a job's steps wrote to their summary; null without one. The local REST adds this address to GitHub's. */
export async function gatherSummary(api: Api, repository: string, job: number): Promise<string | null> {
  const answer = await api(`/repos/${repository}/actions/jobs/${job}/summary`);
  return answer.status === 200 && answer.text.trim() !== '' ? answer.text : null;
}
