import { z } from 'zod';
import { stateIcon, stateOf } from '../checks/state-badge.ts';
import { type Api, gatherList, gatherMaybe } from '../github/gather.ts';
import { gatherRepository } from '../github/gather-repository.ts';
import { type Run, runShape, type Workflow, workflowShape } from '../github/shapes.ts';
import { ago } from '../html/ago.ts';
import { countOf } from '../html/count-of.ts';
import { duration } from '../html/duration.ts';
import { type Html, html } from '../html/html.ts';
import { icon } from '../html/icon.ts';
import type { Page } from '../layout/page.ts';
import { repositoryPage } from '../layout/repository-page.ts';

const runsShape = z.object({ total_count: z.number(), workflow_runs: z.array(runShape) });

/** The newest workflow runs, of one workflow when `workflow` is its id. */
export async function showRuns(
  api: Api,
  { owner, repo, workflow }: { owner: string; repo: string; workflow: string | undefined },
  now: Date,
): Promise<Page> {
  const view = await gatherRepository(api, owner, repo);
  const repository = view.repository.full_name;
  const actions = `/repos/${repository}/actions`;
  const list = workflow === undefined ? `${actions}/runs` : `${actions}/workflows/${encodeURIComponent(workflow)}/runs`;
  const [workflows, found] = await Promise.all([
    gatherList(api, `${actions}/workflows`, z.object({ workflows: z.array(workflowShape) }), (page) => page.workflows),
    gatherMaybe(api, `${list}?per_page=50`, runsShape),
  ]);
  const runs = found?.workflow_runs ?? [];
  const chosen = workflows.find(({ id }) => String(id) === workflow);
  const main = html`<h1 class="hidden">Actions</h1><div class="side-by-side"><nav class="sidelist" aria-label="Workflows"><ul>${[null, ...workflows].map((item) => renderFilter(item, chosen ?? null, repository))}</ul></nav>
<div class="run-main"><h2 class="page-title">${chosen?.name ?? 'All workflows'}</h2><div class="box list" id="live-runs" data-live><p class="list-head">${countOf(found?.total_count ?? 0, 'workflow run')}</p>
${runs.length === 0 ? html`<p class="blank">No runs yet.</p>` : html`<ul>${runs.map((run) => renderRun(run, workflows, repository, now))}</ul>`}</div></div></div>`;
  const moving = runs.some((run) => run.status !== 'completed');
  return repositoryPage(view, { tab: 'actions', title: 'Actions', main, moving });
}

function renderFilter(workflow: Workflow | null, chosen: Workflow | null, repository: string): Html {
  const link = `/${repository}/actions${workflow === null ? '' : `?workflow=${workflow.id}`}`;
  return html`<li><a href="${link}"${workflow === chosen && html` aria-current="page"`}>${icon('play')}<span>${workflow?.name ?? 'All workflows'}</span></a></li>`;
}

function renderRun(run: Run, workflows: readonly Workflow[], repository: string, now: Date): Html {
  const name = workflows.find(({ id }) => id === run.workflow_id)?.name ?? run.name ?? 'Workflow';
  const actor = run.triggering_actor?.login ?? run.actor?.login ?? 'ghost';
  const end = run.status === 'completed' ? run.updated_at : null;
  return html`<li class="list-row">${stateIcon(stateOf(run.status, run.conclusion))}<div class="list-main"><a class="list-title" href="/${repository}/actions/runs/${run.id}">${run.display_title ?? name}</a>
<p class="muted"><strong>${name}</strong> #${run.run_number}: ${run.event.replaceAll('_', ' ')} by ${actor}${run.head_branch && html` · <span class="ref">${run.head_branch}</span>`}</p></div>
<p class="muted list-end run-times"><span>${icon('clock')} ${ago(run.created_at, now)}</span><span>${icon('play')} ${duration(run.run_started_at ?? run.created_at, end, now)}</span></p></li>`;
}
