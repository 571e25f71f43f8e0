import type { Judgement } from '../../../pipelines/contracts/judgement.ts';
import { baseText, plainWording } from '../../base-text.ts';
import { formatCount } from '../../format-number.ts';
import { type Html, html } from '../html.ts';
import type { Subject } from '../subject.ts';

/** Who was measured against whom, on which rows, and by whom. */
export function identityFacts({ head, base, judgement }: Subject): Html {
  const facts: [string, string | Html][] = [
    ...(judgement === null ? [] : changeFacts(judgement)),
    ...(base !== null && judgement === null
      ? [['Base', html`<code>${base.sha256.slice(0, 12)}</code>`] as [string, Html]]
      : []),
  ];
  if (head !== null) {
    const { data, from, to, rows, rule } = head.holdout;
    const days = from === null || to === null ? '' : `, ${from} to ${to}`;
    facts.push(
      ['Holdout', html`<code>${data}</code>, ${formatCount(rows)} rows${days}`],
      ['Chosen by', rule],
      [
        head.source === 'predictions' ? 'Predictions' : 'Model',
        html`sha256 <code>${head.sha256.slice(0, 12)}</code>, ${head.task}`,
      ],
      [
        'Measured',
        judgement === null
          ? 'by pulltrain evaluate on this machine'
          : html`<b>Verified</b>: by the default branch, not by the training job`,
      ],
    );
  }
  return html`<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function changeFacts({ evaluated: { change, base } }: Judgement): [string, Html][] {
  return [
    [
      'Head',
      html`<code>${change.headSha.slice(0, 7)}</code> of <code>${change.headRef}</code>, pull request ${change.pull} by ${change.author}: ${change.title}`,
    ],
    ['Base', html`${baseText(base, plainWording).replace(/^Base:? /, '')}`],
  ];
}
