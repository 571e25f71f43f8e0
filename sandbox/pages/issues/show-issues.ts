import { z } from 'zod';
import { renderLabels } from '../comments/render-labels.ts';
import { type Api, gatherList } from '../github/gather.ts';
import { gatherRepository } from '../github/gather-repository.ts';
import { type Issue, issueShape } from '../github/shapes.ts';
import { ago } from '../html/ago.ts';
import { type Html, html } from '../html/html.ts';
import { icon } from '../html/icon.ts';
import type { Page } from '../layout/page.ts';
import { renderStateFilter } from '../layout/render-state-filter.ts';
import { repositoryPage } from '../layout/repository-page.ts';

/** The list of issues, open ones unless `?state=closed`. */
export async function showIssues(
  api: Api,
  { owner, repo, state }: { owner: string; repo: string; state: string | undefined },
  now: Date,
): Promise<Page> {
  const view = await gatherRepository(api, owner, repo);
  const repository = view.repository.full_name;
  const all = await gatherList(api, `/repos/${repository}/issues?state=all`, z.array(issueShape), (page) => page);
  const issues = all.filter((issue) => issue.pull_request === undefined || issue.pull_request === null);
  const shown = state === 'closed' ? 'closed' : 'open';
  const chosen = issues.filter((issue) => issue.state === shown);
  const main = html`<h1 class="hidden">Issues</h1><div class="box list" id="live-issues" data-live>
${renderStateFilter({
  path: `/${repository}/issues`,
  shown,
  open: issues.filter((issue) => issue.state === 'open').length,
  closed: issues.filter((issue) => issue.state === 'closed').length,
  icon: 'issue',
})}
${chosen.length === 0 ? html`<p class="blank">No ${shown} issues.</p>` : html`<ul>${chosen.map((issue) => renderRow(issue, repository, now))}</ul>`}</div>`;
  return repositoryPage(view, { tab: 'issues', title: 'Issues', main });
}

function renderRow(issue: Issue, repository: string, now: Date): Html {
  const by = issue.user?.login.replace(/\[bot\]$/, '') ?? 'ghost';
  const open = issue.state === 'open';
  const sign = icon(open ? 'issue' : 'issueClosed', {
    label: open ? 'Open' : 'Closed',
    tone: open ? 'good' : 'merged',
  });
  return html`<li class="list-row">${sign}<div class="list-main"><a class="list-title" href="/${repository}/issues/${issue.number}">${issue.title}</a> ${renderLabels(issue.labels)}
<p class="muted">#${issue.number} · <a class="muted" href="/${by}">${by}</a> opened ${ago(issue.created_at, now)}</p></div>
${issue.comments > 0 && html`<span class="muted list-end">${icon('comment', { label: 'Comments' })} ${issue.comments}</span>`}</li>`;
}
