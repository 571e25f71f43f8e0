import type { Judgement } from '../../../pipelines/contracts/judgement.ts';
import { decide, worsenedLine } from '../../decision-line.ts';
import { gatesToExplain, verdictHeadline } from '../../describe-verdict.ts';
import { type Html, html, nothing } from '../html.ts';
import { statusTag, statusWords } from '../status-tag.ts';

/** What to do and why, before anything else. */
export function verdictBanner(judgement: Judgement): Html {
  const { verdict, evaluated } = judgement;
  const { call, why } = decide(judgement);
  const worsened = worsenedLine(judgement);
  const problems = evaluated.problems.map(({ code, message }) => html`<li><b>${code}</b>: ${message}</li>`);
  const gates = gatesToExplain(verdict.gates).map(
    ({ status, gate, message, informational }) =>
      html`<li>${statusTag(status)} <b>${gate}</b>${informational ? ' (informational)' : ''}: ${message}</li>`,
  );
  const reasons = [...problems, ...gates];
  return html`<div class="verdict ${verdict.status}">
<p class="call"><span class="mark" aria-hidden="true">${statusWords[verdict.status].sign}</span>${call}</p>
<p class="effect">${verdictHeadline(judgement)}</p>
<p>${why.slice(0, 1).toUpperCase()}${why.slice(1)}</p>
${worsened === null ? nothing : html`<p><b>${worsened.words}</b>: ${worsened.list}.</p>`}
${reasons.length === 0 ? nothing : html`<ul>${reasons}</ul>`}
</div>
${evaluated.policyChanges.length === 0 ? nothing : html`<div class="note"><b>Policy edits</b> are shown and not obeyed before they are merged: ${evaluated.policyChanges.join(', ')}</div>`}
${(evaluated.warnings ?? []).length === 0 ? nothing : html`<div class="note"><b>Good to know</b><ul>${(evaluated.warnings ?? []).map(({ message }) => html`<li>${message}</li>`)}</ul></div>`}`;
}
