import type { CheckRun } from '../github/shapes.ts';
import { ago } from '../html/ago.ts';
import { duration } from '../html/duration.ts';
import { type Html, html } from '../html/html.ts';
import { safeLink } from '../html/safe-link.ts';
import { shortSha } from '../html/short-sha.ts';
import { renderMarkdown } from '../markdown/render-markdown.ts';
import { stateIcon, stateOf } from './state-badge.ts';

/** What one check run says: state, times, and its output's title, summary and text. */
export function renderCheckRun(run: CheckRun, repository: string, now: Date): Html {
  const state = stateOf(run.status, run.conclusion);
  const took = duration(run.started_at, run.completed_at, now);
  const link = safeLink(run.details_url);
  const { title, summary, text } = run.output ?? {};
  return html`<article class="box check-run" aria-labelledby="check-${run.id}"><header class="check-run-head">
${stateIcon(state, 24)}<div><h3 id="check-${run.id}">${run.name}</h3>
<p class="muted">${state.word}${took !== '' && html` ${state.tone === 'busy' ? 'for' : 'in'} ${took}`} · started ${ago(run.started_at, now)} · commit <a class="mono" href="/${repository}/commit/${run.head_sha}">${shortSha(run.head_sha)}</a></p></div>
${link !== null && html`<a class="button" href="${link}">View details</a>`}</header>
<div class="check-run-body">${title && html`<h4>${title}</h4>`}${summary && renderMarkdown(summary, { repository })}
${text && renderMarkdown(text, { repository })}${!title && !summary && !text && html`<p class="muted">This check has reported no details${state.tone === 'busy' ? ' yet' : ''}.</p>`}</div></article>`;
}
