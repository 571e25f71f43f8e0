import { stateOf } from '../checks/state-badge.ts';
import { renderUser } from '../comments/render-user.ts';
import type { Pull } from '../github/shapes.ts';
import { ago } from '../html/ago.ts';
import { countOf } from '../html/count-of.ts';
import { type Html, html } from '../html/html.ts';
import { type IconName, icon } from '../html/icon.ts';
import type { Page } from '../layout/page.ts';
import { repositoryPage } from '../layout/repository-page.ts';
import type { PullView } from './gather-pull.ts';

export type PullTab = 'conversation' | 'commits' | 'checks' | 'files';

/** A pull request's head (title, state, branches, tabs) around the content of one tab. */
export function pullPage(shown: PullView, tab: PullTab, content: Html, now: Date): Page {
  const { pull, repository, checks } = shown;
  const busy = checks.some((check) => stateOf(check.status, check.conclusion).tone === 'busy');
  const main = html`<header class="subject"><h1>${pull.title} <span class="number">#${pull.number}</span></h1>
<div id="live-subject" data-live class="subject-line">${pullStateBadge(pull)}<span>${sentence(shown, now)}</span></div></header>
<nav class="subtabs" aria-label="Pull request"><ul>${tabsOf(shown).map(
    (item) =>
      html`<li><a href="/${repository}/pull/${pull.number}${item.path}"${item.tab === tab && html` aria-current="page"`}>${icon(item.icon)}<span>${item.name}</span>${item.count !== null && html` <span class="counter">${item.count}</span>`}</a></li>`,
  )}</ul></nav>
${content}`;
  return repositoryPage(shown.view, {
    tab: 'pulls',
    title: `${pull.title} · Pull request #${pull.number}`,
    main,
    moving: busy,
  });
}

function pullStateBadge(pull: Pull): Html {
  const { icon: name, tone, word } = pullState(pull);
  return html`<span class="badge badge-${tone}">${icon(name)}${word}</span>`;
}

export function pullState(pull: Pick<Pull, 'merged_at' | 'state' | 'draft'>): {
  icon: IconName;
  tone: string;
  word: string;
} {
  if (pull.merged_at !== null && pull.merged_at !== undefined) return { icon: 'merge', tone: 'merged', word: 'Merged' };
  if (pull.state === 'closed') return { icon: 'pullClosed', tone: 'bad', word: 'Closed' };
  return pull.draft === true
    ? { icon: 'pull', tone: 'calm', word: 'Draft' }
    : { icon: 'pull', tone: 'good', word: 'Open' };
}

function tabsOf({ commits, checks, changedFiles, pull }: PullView) {
  const row = (tab: PullTab, name: string, icon: IconName, path: string, count: number | null) => ({
    tab,
    name,
    icon,
    path,
    count,
  });
  return [
    row('conversation', 'Conversation', 'comment', '', pull.comments ?? null),
    row('commits', 'Commits', 'commit', '/commits', commits.length),
    row('checks', 'Checks', 'check', '/checks', checks.length),
    row('files', 'Files changed', 'diff', '/files', changedFiles),
  ];
}

function sentence({ pull, commits, repository }: PullView, now: Date): Html {
  const branch = (ref: string) => html`<a class="ref" href="/${repository}/tree/${ref}">${ref}</a>`;
  const author = renderUser(pull.user?.login ?? 'ghost');
  const count = countOf(commits.length, 'commit');
  if (pull.merged_at !== null && pull.merged_at !== undefined) {
    const who = pull.merged_by === null || pull.merged_by === undefined ? author : renderUser(pull.merged_by.login);
    return html`${who} merged ${count} into ${branch(pull.base.ref)} from ${branch(pull.head.ref)} ${ago(pull.merged_at, now)}`;
  }
  const verb = pull.state === 'closed' ? 'wanted' : 'wants';
  return html`${author} ${verb} to merge ${count} into ${branch(pull.base.ref)} from ${branch(pull.head.ref)}`;
}
