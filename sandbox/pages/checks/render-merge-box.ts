import type { Pull } from '../github/shapes.ts';
import { countOf } from '../html/count-of.ts';
import { duration } from '../html/duration.ts';
import { type Html, html } from '../html/html.ts';
import { type IconName, icon } from '../html/icon.ts';
import { safeLink } from '../html/safe-link.ts';
import type { CheckRow } from './gather-checks.ts';
import { type StateView, stateIcon, stateOf } from './state-badge.ts';

/** The box below a conversation: every check, and whether GitHub lets the pull request merge. */
export function renderMergeBox(pull: Pull, checks: readonly CheckRow[], now: Date): Html {
  const merged = pull.merged_at !== null && pull.merged_at !== undefined;
  const verdict = merged || pull.state === 'closed' ? null : mergeVerdict(pull, checks);
  if (verdict === null && checks.length === 0) return html``;
  return html`<section class="merge-box box" aria-labelledby="checks-title">
${checks.length > 0 && renderChecks(checks, now)}
${
  verdict !== null &&
  html`<div class="merge-verdict"><span class="round tone-${verdict.tone}">${icon(verdict.icon)}</span>
<div><h3>${verdict.title}</h3><p>${verdict.note}</p></div></div>`
}
</section>`;
}

function renderChecks(checks: readonly CheckRow[], now: Date): Html {
  const { title, icon: sign, tone } = summaryOf(checks);
  return html`<div class="merge-head"><span class="round tone-${tone}">${icon(sign)}</span>
<div><h3 id="checks-title">${title}</h3><p>${tally(checks)}</p></div></div>
<ul class="check-rows">${checks.map((check) => renderRow(check, now))}</ul>`;
}

function renderRow(check: CheckRow, now: Date): Html {
  const state = stateOf(check.status, check.conclusion);
  const link = safeLink(check.link);
  const took = duration(check.startedAt, check.completedAt, now);
  const name =
    link === null ? html`<strong>${check.name}</strong>` : html`<a href="${link}"><strong>${check.name}</strong></a>`;
  return html`<li class="check-row">${stateIcon(state)}
<span class="check-name">${name} <span class="muted">${check.note ?? noteOf(state, took)}</span></span>
${check.required && html`<span class="pill">Required</span>`}
${link !== null && html`<a class="check-details" href="${link}" aria-label="Details of ${check.name}">Details</a>`}</li>`;
}

function noteOf(state: StateView, took: string): string {
  if (took === '') return state.word;
  return state.tone === 'busy' ? `${state.word} for ${took}` : `${state.word} in ${took}`;
}

function tally(checks: readonly CheckRow[]): string {
  const words = checks.map((check) => stateOf(check.status, check.conclusion).word.toLowerCase());
  const groups = [...new Set(words)].map((word) => `${words.filter((other) => other === word).length} ${word}`);
  return `${groups.join(', ')} ${checks.length === 1 ? 'check' : 'checks'}`;
}

function summaryOf(checks: readonly CheckRow[]): { title: string; icon: IconName; tone: StateView['tone'] } {
  const tones = checks.map((check) => stateOf(check.status, check.conclusion).tone);
  if (tones.includes('bad')) return { title: 'Some checks were not successful', icon: 'x', tone: 'bad' };
  if (tones.includes('busy')) return { title: 'Some checks haven’t completed yet', icon: 'dot', tone: 'busy' };
  return { title: 'All checks have passed', icon: 'check', tone: 'good' };
}

function mergeVerdict(
  pull: Pull,
  checks: readonly CheckRow[],
): { icon: IconName; tone: StateView['tone']; title: string; note: string } {
  const open = checks.filter((check) => check.required && !passes(check));
  if (pull.mergeable_state === 'dirty') {
    const note = 'Resolve them on the command line, then push.';
    return { icon: 'alert', tone: 'bad', title: 'This branch has conflicts that must be resolved', note };
  }
  if (pull.mergeable_state === 'blocked' || open.length > 0) {
    const names = open.map((check) => check.name).join(', ');
    const note =
      open.length === 0
        ? 'A rule of the base branch is not satisfied.'
        : `${countOf(open.length, 'required check')} ${open.length === 1 ? 'has' : 'have'} not passed: ${names}`;
    return { icon: 'alert', tone: 'bad', title: 'Merging is blocked', note };
  }
  if (pull.draft === true) {
    const note = 'Draft pull requests cannot be merged.';
    return { icon: 'pull', tone: 'calm', title: 'This pull request is still a work in progress', note };
  }
  const title =
    pull.mergeable_state === 'behind'
      ? 'This branch is out of date with the base branch'
      : 'No conflicts with base branch';
  return { icon: 'check', tone: 'good', title, note: 'Merging can be performed automatically.' };
}

/** What GitHub counts as passed for a required check. */
function passes(check: CheckRow): boolean {
  return check.status === 'completed' && ['success', 'neutral', 'skipped'].includes(check.conclusion ?? '');
}
