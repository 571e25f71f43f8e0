import { renderCheckRun } from '../checks/render-check-run.ts';
import { stateOf } from '../checks/state-badge.ts';
import { type Api, gatherOne } from '../github/gather.ts';
import { gatherRepository } from '../github/gather-repository.ts';
import { checkRunShape } from '../github/shapes.ts';
import { html } from '../html/html.ts';
import type { Page } from '../layout/page.ts';
import { repositoryPage } from '../layout/repository-page.ts';

/** The page that a check run's own address leads to. */
export async function showCheckRun(
  api: Api,
  { owner, repo, id }: { owner: string; repo: string; id: string },
  now: Date,
): Promise<Page> {
  const view = await gatherRepository(api, owner, repo);
  const repository = view.repository.full_name;
  const run = await gatherOne(api, `/repos/${repository}/check-runs/${encodeURIComponent(id)}`, checkRunShape);
  const main = html`<h1 class="page-title">Check</h1><div id="live-check" data-live>${renderCheckRun(run, repository, now)}</div>`;
  const moving = stateOf(run.status, run.conclusion).tone === 'busy';
  return repositoryPage(view, { tab: 'actions', title: run.name, main, moving });
}
