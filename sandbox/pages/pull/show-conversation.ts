import { z } from 'zod';
import { renderMergeBox } from '../checks/render-merge-box.ts';
import { renderComment } from '../comments/render-comment.ts';
import { renderLabels } from '../comments/render-labels.ts';
import { renderUser } from '../comments/render-user.ts';
import { type Api, gatherList } from '../github/gather.ts';
import { type Comment, type Commit, commentShape, type Pull } from '../github/shapes.ts';
import { ago } from '../html/ago.ts';
import { avatar } from '../html/avatar.ts';
import { type Html, html } from '../html/html.ts';
import { type IconName, icon } from '../html/icon.ts';
import { shortSha } from '../html/short-sha.ts';
import type { Page } from '../layout/page.ts';
import { gatherPull, type PullView } from './gather-pull.ts';
import { pullPage } from './pull-page.ts';

type Moment = { at: string; show: Html };

/** The conversation of a pull request: description, commits and comments in order of time, and the merge box. */
export async function showConversation(
  api: Api,
  { owner, repo, number }: { owner: string; repo: string; number: string },
  now: Date,
): Promise<Page> {
  const shown = await gatherPull(api, owner, repo, number);
  const path = `/repos/${shown.repository}/issues/${shown.pull.number}/comments`;
  const comments = await gatherList(api, path, z.array(commentShape), (page) => page);
  return pullPage(shown, 'conversation', renderConversation(shown, comments, now), now);
}

function renderConversation(shown: PullView, comments: readonly Comment[], now: Date): Html {
  const { pull, repository, commits } = shown;
  const moments: Moment[] = [
    ...commits.map((commit) => commitMoment(commit, repository)),
    ...comments.map((comment) => commentMoment(comment, repository, now)),
    ...endMoment(pull, repository, now),
  ].sort((a, b) => a.at.localeCompare(b.at));
  const opening = renderComment({ ...pull, anchor: `issue-${pull.number}`, verb: 'commented' }, { repository }, now);
  return html`<div class="columns"><div class="conversation" id="live-conversation" data-live>
<h2 class="hidden">Conversation</h2>${opening}<div class="timeline">${moments.map((moment) => moment.show)}</div>
${renderMergeBox(pull, shown.checks, now)}</div>
${renderAside(shown, comments)}</div>`;
}

function commitMoment(commit: Commit, repository: string): Moment {
  const [subject = ''] = commit.commit.message.split('\n');
  const login = commit.author?.login;
  const name = login ?? commit.commit.author?.name ?? 'ghost';
  const author = login === undefined ? html`<strong>${name}</strong>` : renderUser(login);
  const link = `/${repository}/commit/${commit.sha}`;
  return {
    at: commit.commit.committer?.date ?? commit.commit.author?.date ?? '',
    show: html`<div class="moment"><span class="knot">${icon('commit')}</span>${avatar(name, 20)}<span class="moment-text commit">${author} <a href="${link}">${subject}</a></span><a class="sha mono" href="${link}">${shortSha(commit.sha)}</a></div>`,
  };
}

function commentMoment(comment: Comment, repository: string, now: Date): Moment {
  const view = { ...comment, anchor: `issuecomment-${comment.id}`, verb: 'commented' as const };
  return { at: comment.created_at, show: renderComment(view, { repository }, now) };
}

function endMoment(pull: Pull, repository: string, now: Date): Moment[] {
  const event = (at: string, tone: string, name: IconName, text: Html) => ({
    at,
    show: html`<div class="moment event"><span class="knot solid tone-${tone}">${icon(name)}</span><span class="moment-text">${text} ${ago(at, now)}</span></div>`,
  });
  if (pull.merged_at !== null && pull.merged_at !== undefined) {
    const sha = pull.merge_commit_sha ?? '';
    const who = renderUser(pull.merged_by?.login ?? pull.user?.login ?? 'ghost');
    const commit = sha !== '' && html` commit <a class="mono" href="/${repository}/commit/${sha}">${shortSha(sha)}</a>`;
    return [
      event(
        pull.merged_at,
        'merged',
        'merge',
        html`${who} merged${commit} into <a class="ref" href="/${repository}/tree/${pull.base.ref}">${pull.base.ref}</a>`,
      ),
    ];
  }
  if (pull.state === 'open' || pull.closed_at === null || pull.closed_at === undefined) return [];
  return [event(pull.closed_at, 'bad', 'pullClosed', html`closed this pull request`)];
}

function renderAside({ pull, repository }: PullView, comments: readonly Comment[]): Html {
  const people = [pull.user, ...comments.map((comment) => comment.user)].flatMap((user) => user?.login ?? []);
  const participants = [...new Set(people)];
  return html`<aside class="aside" aria-label="About this pull request"><section><h2>Labels</h2>
${pull.labels.length === 0 ? html`<p class="muted">None yet</p>` : renderLabels(pull.labels)}</section>
<section><h2>Head</h2><p><a class="mono" href="/${repository}/commit/${pull.head.sha}">${shortSha(pull.head.sha)}</a></p></section>
<section><h2>${participants.length === 1 ? '1 participant' : `${participants.length} participants`}</h2>
<ul class="people">${participants.map((login) => html`<li>${avatar(login, 20)} ${renderUser(login)}</li>`)}</ul></section></aside>`;
}
