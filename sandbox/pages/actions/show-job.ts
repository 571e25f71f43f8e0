import { stateIcon, stateOf } from '../checks/state-badge.ts';
import type { Api } from '../github/gather.ts';
import { PageError } from '../github/page-error.ts';
import type { Job, Step } from '../github/shapes.ts';
import { ago } from '../html/ago.ts';
import { duration } from '../html/duration.ts';
import { type Html, html } from '../html/html.ts';
import { icon } from '../html/icon.ts';
import type { Page } from '../layout/page.ts';
import { explainWaiting } from './explain-waiting.ts';
import { gatherLog, type LogLine, readSummary, type WatchJob } from './gather-log.ts';
import { gatherRun, type RunView } from './gather-run.ts';
import { renderLog } from './render-log.ts';
import { renderSummary } from './render-summary.ts';
import { runPage } from './run-page.ts';

/** One job of a run: its steps with their log, which follows itself while the job runs. */
export async function showJob(
  api: Api,
  watch: WatchJob,
  { owner, repo, id, job: jobId }: { owner: string; repo: string; id: string; job: string },
  now: Date,
): Promise<Page> {
  const shown = await gatherRun(api, owner, repo, id);
  const job = shown.jobs.find((item) => String(item.id) === jobId);
  if (job === undefined) throw new PageError(404, `Run ${id} has no job ${jobId}`);
  const log = await gatherLog(api, watch, shown.repository, job.id);
  const summary = readSummary(watch, job.id);
  return runPage(shown, job, renderJob(job, log, summary, shown, now), now);
}

function renderJob(job: Job, log: readonly LogLine[], summary: string | null, shown: RunView, now: Date): Html {
  const state = stateOf(job.status, job.conclusion);
  const took = duration(job.started_at, job.completed_at, now);
  const steps = job.steps ?? [];
  const begun = job.status === 'in_progress' || (job.status === 'completed' && job.conclusion !== 'skipped');
  const rest = log.filter((line) => !steps.some((step) => step.number === line.step)).map((line) => line.text);
  const facts =
    begun &&
    html`${took !== '' && html` ${state.tone === 'busy' ? 'for' : 'in'} ${took}`} · started ${ago(job.started_at, now)}${job.runner_name && html` · on ${job.runner_name}`}`;
  return html`<section class="job" aria-labelledby="job-title"><header class="job-head"><h2 id="job-title">${job.name}</h2><p id="live-job-state" data-live>${state.word}${facts}</p></header>
<div class="log" id="live-log" data-live${job.status === 'in_progress' && html`="follow"`} role="log" aria-label="Log of ${job.name}">${explainWaiting(job, shown.runners)}
${steps.length > 0 && html`<ol class="steps" aria-label="Steps">${steps.map((step) => renderStep(step, log, now))}</ol>`}
${rest.length > 0 && renderLog(rest)}${log.length === 0 && html`<p class="log-note">${begun ? 'No output yet.' : 'The log begins when a runner takes the job.'}</p>`}</div></section>
<div id="live-job-summary" data-live>${summary !== null && renderSummary(job, summary, shown.repository)}</div>`;
}

/** A step that runs or has failed is open, as that is what one comes for; the others open on a click. */
function renderStep(step: Step, log: readonly LogLine[], now: Date): Html {
  const state = stateOf(step.status, step.conclusion);
  const took = step.status === 'queued' ? '' : duration(step.started_at, step.completed_at, now);
  const lines = log.filter((line) => line.step === step.number).map((line) => line.text);
  const title = html`${stateIcon(state)}<span>${step.name}</span><span class="took">${took}</span>`;
  if (lines.length === 0) return html`<li class="step"><div class="step-title">${title}</div></li>`;
  const open = step.status === 'in_progress' || state.tone === 'bad';
  return html`<li class="step" id="step-${step.number}"><details${open && html` open`}><summary class="step-title">${icon('chevron')}${title}</summary>${renderLog(lines)}</details></li>`;
}
