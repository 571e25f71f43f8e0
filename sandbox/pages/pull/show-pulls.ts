import { z } from 'zod';
import { renderLabels } from '../comments/render-labels.ts';
import { type Api, gatherList } from '../github/gather.ts';
import { gatherRepository } from '../github/gather-repository.ts';
import { type Pull, pullShape } from '../github/shapes.ts';
import { ago } from '../html/ago.ts';
import { type Html, html } from '../html/html.ts';
import { icon } from '../html/icon.ts';
import type { Page } from '../layout/page.ts';
import { renderStateFilter } from '../layout/render-state-filter.ts';
import { repositoryPage } from '../layout/repository-page.ts';
import { pullState } from './pull-page.ts';

/** The list of pull requests, open ones unless `?state=closed`. */
export async function showPulls(
  api: Api,
  { owner, repo, state }: { owner: string; repo: string; state: string | undefined },
  now: Date,
): Promise<Page> {
  const view = await gatherRepository(api, owner, repo);
  const repository = view.repository.full_name;
  const pulls = await gatherList(api, `/repos/${repository}/pulls?state=all`, z.array(pullShape), (page) => page);
  const shown = state === 'closed' ? 'closed' : 'open';
  const chosen = pulls.filter((pull) => pull.state === shown);
  const main = html`<h1 class="hidden">Pull requests</h1><div class="box list" id="live-pulls" data-live>
${renderStateFilter({
  path: `/${repository}/pulls`,
  shown,
  open: pulls.filter((pull) => pull.state === 'open').length,
  closed: pulls.filter((pull) => pull.state === 'closed').length,
  icon: 'pull',
})}
${chosen.length === 0 ? html`<p class="blank">No ${shown} pull requests.</p>` : html`<ul>${chosen.map((pull) => renderRow(pull, repository, now))}</ul>`}</div>`;
  return repositoryPage(view, { tab: 'pulls', title: 'Pull requests', main });
}

function renderRow(pull: Pull, repository: string, now: Date): Html {
  const state = pullState(pull);
  const by = pull.user?.login.replace(/\[bot\]$/, '') ?? 'ghost';
  const end = pull.merged_at ?? pull.closed_at;
  const moment = end
    ? html`was ${state.word.toLowerCase()} ${ago(end, now)}`
    : html`opened ${ago(pull.created_at, now)}`;
  return html`<li class="list-row">${icon(state.icon, { label: state.word, tone: state.tone })}<div class="list-main"><a class="list-title" href="/${repository}/pull/${pull.number}">${pull.title}</a> ${renderLabels(pull.labels)}
<p class="muted">#${pull.number} by <a class="muted" href="/${by}">${by}</a> ${moment} · <span class="ref">${pull.head.ref}</span></p></div></li>`;
}
