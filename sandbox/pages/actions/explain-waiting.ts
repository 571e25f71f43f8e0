import type { Job, Runner } from '../github/shapes.ts';
import { type Html, html } from '../html/html.ts';

/** Why a queued job does not start: which labels it asks for, and whether any runner has them. */
export function explainWaiting(job: Job, runners: readonly Runner[]): Html | null {
  if (job.status === 'waiting' || job.status === 'pending') {
    return html`<p class="notice">Waiting for earlier jobs or for an approval.</p>`;
  }
  if (job.status !== 'queued') return null;
  const able = runners.filter((runner) => job.labels.every((label) => hasLabel(runner, label)));
  const online = able.filter((runner) => runner.status === 'online');
  const labels = html`<span class="labels">${job.labels.map((label) => html`<span class="pill mono">${label}</span> `)}</span>`;
  if (online.some((runner) => !runner.busy))
    return html`<p class="notice">Waiting for a runner to pick up this job. Labels: ${labels}</p>`;
  const reason =
    online.length > 0
      ? 'Every runner with these labels is busy.'
      : able.length > 0
        ? 'The runners with these labels are offline.'
        : 'No runner has these labels, so the job stays queued.';
  return html`<p class="notice">Waiting for a runner with the labels ${labels} <strong>${reason}</strong></p>`;
}

function hasLabel(runner: Runner, label: string): boolean {
  return runner.labels.some(({ name }) => name.toLowerCase() === label.toLowerCase());
}
