import { stateIcon, stateOf } from '../checks/state-badge.ts';
import type { Api } from '../github/gather.ts';
import { PageError } from '../github/page-error.ts';
import type { Job, Step } from '../github/shapes.ts';
import { ago } from '../html/ago.ts';
import { duration } from '../html/duration.ts';
import { type Html, html } from '../html/html.ts';
import type { Page } from '../layout/page.ts';
import { explainWaiting } from './explain-waiting.ts';
import { gatherRun, type RunView } from './gather-run.ts';
import { gatherSummary } from './gather-summary.ts';
import { renderLog } from './render-log.ts';
import { renderSummary } from './render-summary.ts';
import { runPage } from './run-page.ts';

/** One job of a run: its steps and its log, which follows itself while the job runs. */
export async function showJob(
  api: Api,
  { owner, repo, id, job: jobId }: { owner: string; repo: string; id: string; job: string },
  now: Date,
): Promise<Page> {
  const shown = await gatherRun(api, owner, repo, id);
  const job = shown.jobs.find((item) => String(item.id) === jobId);
  if (job === undefined) throw new PageError(404, `Run ${id} has no job ${jobId}`);
  const [log, summary] = await Promise.all([
    api(`/repos/${shown.repository}/actions/jobs/${job.id}/logs`),
    gatherSummary(api, shown.repository, job.id),
  ]);
  const content = renderJob(job, log.status === 200 ? log.text : '', summary, shown, now);
  return runPage(shown, job, content, now);
}

function renderJob(job: Job, log: string, summary: string | null, shown: RunView, now: Date): Html {
  const state = stateOf(job.status, job.conclusion);
  const took = duration(job.started_at, job.completed_at, now);
  const steps = job.steps ?? [];
  const begun = job.status === 'in_progress' || job.status === 'completed';
  return html`<section class="job" aria-labelledby="job-title"><header class="job-head" id="live-job-head" data-live><div><h2 id="job-title">${job.name}</h2>
<p>${state.word}${begun && took !== '' && html` ${state.tone === 'busy' ? 'for' : 'in'} ${took}`}${begun && html` · started ${ago(job.started_at, now)}`}${job.runner_name && html` · on ${job.runner_name}`}</p></div></header>
<div id="live-steps" data-live>${explainWaiting(job, shown.runners)}${steps.length > 0 && html`<ol class="steps" aria-label="Steps">${steps.map((step) => renderStep(step, now))}</ol>`}</div>
<div class="log" id="live-log" data-live="follow" tabindex="0" role="log" aria-label="Log of ${job.name}">${log.trim() === '' ? html`<p class="log-note">${begun ? 'No output yet.' : 'The log begins when a runner takes the job.'}</p>` : renderLog(log)}</div></section>
<div id="live-job-summary" data-live>${summary !== null && renderSummary(job, summary, shown.repository)}</div>`;
}

function renderStep(step: Step, now: Date): Html {
  const took = step.status === 'queued' ? '' : duration(step.started_at, step.completed_at, now);
  return html`<li>${stateIcon(stateOf(step.status, step.conclusion))}<span>${step.name}</span><span class="took">${took}</span></li>`;
}
