import { z } from 'zod';
import { renderComment } from '../comments/render-comment.ts';
import { renderLabels } from '../comments/render-labels.ts';
import { renderUser } from '../comments/render-user.ts';
import { type Api, gatherList, gatherOne } from '../github/gather.ts';
import { gatherRepository } from '../github/gather-repository.ts';
import { type Comment, commentShape, type Issue, issueShape } from '../github/shapes.ts';
import { ago } from '../html/ago.ts';
import { avatar } from '../html/avatar.ts';
import { countOf } from '../html/count-of.ts';
import { type Html, html } from '../html/html.ts';
import { icon } from '../html/icon.ts';
import type { Page } from '../layout/page.ts';
import { repositoryPage } from '../layout/repository-page.ts';

/** One issue; a number that is a pull request's is answered with null, so that the caller can send the browser there. */
export async function showIssue(
  api: Api,
  { owner, repo, number }: { owner: string; repo: string; number: string },
  now: Date,
): Promise<Page | null> {
  const view = await gatherRepository(api, owner, repo);
  const repository = view.repository.full_name;
  const path = `/repos/${repository}/issues/${encodeURIComponent(number)}`;
  const issue = await gatherOne(api, path, issueShape);
  if (issue.pull_request !== undefined && issue.pull_request !== null) return null;
  const comments = await gatherList(api, `${path}/comments`, z.array(commentShape), (page) => page);
  return repositoryPage(view, {
    tab: 'issues',
    title: `${issue.title} · Issue #${issue.number}`,
    main: renderIssue(issue, comments, repository, now),
  });
}

function renderIssue(issue: Issue, comments: readonly Comment[], repository: string, now: Date): Html {
  const open = issue.state === 'open';
  const badge = html`<span class="badge badge-${open ? 'good' : 'merged'}">${icon(open ? 'issue' : 'issueClosed')}${open ? 'Open' : 'Closed'}</span>`;
  const opening = renderComment({ ...issue, anchor: `issue-${issue.number}`, verb: 'opened' }, { repository }, now);
  const rest = comments.map((comment) =>
    renderComment({ ...comment, anchor: `issuecomment-${comment.id}`, verb: 'commented' }, { repository }, now),
  );
  return html`<header class="subject"><h1>${issue.title} <span class="number">#${issue.number}</span></h1><div id="live-subject" data-live class="subject-line">${badge}<span>${renderUser(issue.user?.login ?? 'ghost')} opened this issue ${ago(issue.created_at, now)} · ${countOf(comments.length, 'comment')}</span></div></header>
<div class="columns"><div class="conversation" id="live-conversation" data-live>${opening}<div class="timeline">${rest}${renderEnd(issue, now)}</div></div>
<aside class="aside" aria-label="About this issue" id="live-aside" data-live><section><h2>Labels</h2>${issue.labels.length === 0 ? html`<p class="muted">None yet</p>` : renderLabels(issue.labels)}</section>
<section><h2>Participants</h2><ul class="people">${participantsOf(issue, comments).map((login) => html`<li>${avatar(login, 20)} ${renderUser(login)}</li>`)}</ul></section></aside></div>`;
}

function renderEnd(issue: Issue, now: Date): Html | null {
  if (issue.state === 'open') return null;
  const who = issue.closed_by?.login;
  return html`<div class="moment event"><span class="knot solid tone-merged">${icon('issueClosed')}</span><span class="moment-text">${who === undefined ? 'Closed' : html`${renderUser(who)} closed this`} as ${(issue.state_reason ?? 'completed').replace('_', ' ')} ${ago(issue.closed_at, now)}</span></div>`;
}

function participantsOf(issue: Issue, comments: readonly Comment[]): string[] {
  return [...new Set([issue, ...comments].flatMap((item) => item.user?.login ?? []))];
}
