import { stateIcon, stateOf } from '../checks/state-badge.ts';
import type { Job } from '../github/shapes.ts';
import { duration } from '../html/duration.ts';
import { type Html, html } from '../html/html.ts';
import { icon } from '../html/icon.ts';
import type { Page } from '../layout/page.ts';
import { repositoryPage } from '../layout/repository-page.ts';
import type { RunView } from './gather-run.ts';

/** A workflow run's head and its list of jobs around the summary or one job. */
export function runPage(shown: RunView, job: Job | null, content: Html, now: Date): Page {
  const { run, jobs, repository } = shown;
  const state = stateOf(run.status, run.conclusion);
  const title = run.display_title ?? run.name ?? `Run ${run.id}`;
  const link = `/${repository}/actions/runs/${run.id}`;
  const items = jobs.map((item) => {
    const took = duration(item.started_at, item.completed_at, now);
    return html`<li><a href="${link}/job/${item.id}"${item.id === job?.id && html` aria-current="page"`}>${stateIcon(stateOf(item.status, item.conclusion))}<span>${item.name}</span>${item.started_at && item.status !== 'queued' && html`<span class="muted took">${took}</span>`}</a></li>`;
  });
  const main = html`<header class="subject run-head"><p class="muted back"><a href="/${repository}/actions">Actions</a> / ${run.name}</p>
<h1><span id="live-run-state" data-live>${stateIcon(state, 22)}</span> ${title} <span class="number">#${run.run_number}</span></h1></header>
<div class="side-by-side"><nav class="sidelist" aria-label="Jobs" id="live-jobs" data-live><ul><li><a href="${link}"${job === null && html` aria-current="page"`}>${icon('environment')}<span>Summary</span></a></li></ul>
<h2>Jobs</h2><ul>${items}</ul></nav><div class="run-main">${content}</div></div>`;
  return repositoryPage(shown.view, {
    tab: 'actions',
    title: job === null ? title : `${job.name} · ${title}`,
    main,
    moving: run.status !== 'completed',
  });
}
