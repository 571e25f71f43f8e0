import { gatherChecks } from '../checks/gather-checks.ts';
import { stateIcon, stateOf } from '../checks/state-badge.ts';
import { renderUser } from '../comments/render-user.ts';
import { renderDiff } from '../diff/render-diff.ts';
import { type Api, gatherOne } from '../github/gather.ts';
import { gatherRepository } from '../github/gather-repository.ts';
import { commitShape } from '../github/shapes.ts';
import { ago } from '../html/ago.ts';
import { avatar } from '../html/avatar.ts';
import { html } from '../html/html.ts';
import { safeLink } from '../html/safe-link.ts';
import { shortSha } from '../html/short-sha.ts';
import type { Page } from '../layout/page.ts';
import { repositoryPage } from '../layout/repository-page.ts';

/** One commit: message, author, checks, changes. */
export async function showCommit(
  api: Api,
  { owner, repo, sha }: { owner: string; repo: string; sha: string },
  now: Date,
): Promise<Page> {
  const view = await gatherRepository(api, owner, repo);
  const repository = view.repository.full_name;
  const commit = await gatherOne(api, `/repos/${repository}/commits/${encodeURIComponent(sha)}`, commitShape);
  const checks = await gatherChecks(api, repository, commit.sha, view.repository.default_branch);
  const [subject = '', ...rest] = commit.commit.message.split('\n');
  const login = commit.author?.login;
  const name = login ?? commit.commit.author?.name ?? 'ghost';
  const body = rest.join('\n').trim();
  const reported = checks.filter((check) => check.status !== 'expected');
  const main = html`<header class="box commit-box"><h1>${subject}</h1>${body !== '' && html`<pre class="commit-body">${body}</pre>`}
<p class="muted">${avatar(name, 20)} ${login === undefined ? html`<strong>${name}</strong>` : renderUser(login)} committed ${ago(commit.commit.committer?.date, now)}
<span class="commit-shas">${commit.parents.length} parent${commit.parents.length === 1 ? '' : 's'} ${commit.parents.map(
    (parent) => html`<a class="mono" href="/${repository}/commit/${parent.sha}">${shortSha(parent.sha)}</a> `,
  )}· commit <span class="mono">${shortSha(commit.sha)}</span></span></p>
${reported.length > 0 && html`<ul class="chips" id="live-commit-checks" data-live aria-label="Checks">${reported.map((check) => html`<li>${stateIcon(stateOf(check.status, check.conclusion))}<a href="${safeLink(check.link) ?? '#main'}">${check.name}</a></li>`)}</ul>`}</header>
<h2 class="hidden">Changes</h2>${renderDiff(commit.files ?? [])}`;
  return repositoryPage(view, { tab: 'code', title: `${subject} · ${shortSha(commit.sha)}`, main });
}
