import { renderUser } from '../comments/render-user.ts';
import type { Commit } from '../github/shapes.ts';
import { ago } from '../html/ago.ts';
import { avatar } from '../html/avatar.ts';
import { type Html, html } from '../html/html.ts';
import { icon } from '../html/icon.ts';
import { shortSha } from '../html/short-sha.ts';

/** Commits grouped by day, in the order given. */
export function renderCommits(commits: readonly Commit[], repository: string, now: Date): Html {
  if (commits.length === 0) return html`<p class="box blank">No commits.</p>`;
  const days = [...new Set(commits.map(dayOf))];
  return html`<div class="commit-days">${days.map(
    (day) =>
      html`<section><h3 class="day">${icon('commit')} Commits on ${day}</h3><ul class="box list">${commits
        .filter((commit) => dayOf(commit) === day)
        .map((commit) => renderCommit(commit, repository, now))}</ul></section>`,
  )}</div>`;
}

function renderCommit(commit: Commit, repository: string, now: Date): Html {
  const [subject = ''] = commit.commit.message.split('\n');
  const author = commit.author?.login;
  const name = author ?? commit.commit.author?.name ?? 'ghost';
  const link = `/${repository}/commit/${commit.sha}`;
  return html`<li class="list-row"><div class="list-main"><a class="list-title" href="${link}">${subject}</a>
<p class="muted">${avatar(name, 16)} ${author === undefined ? html`<strong>${name}</strong>` : renderUser(author)} committed ${ago(commit.commit.committer?.date, now)}</p></div>
<a class="sha mono" href="${link}">${shortSha(commit.sha)}</a></li>`;
}

function dayOf(commit: Commit): string {
  const date = commit.commit.committer?.date ?? commit.commit.author?.date;
  const day = new Date(date ?? 0);
  return day.toLocaleDateString('en', { month: 'short', day: 'numeric', year: 'numeric', timeZone: 'UTC' });
}
