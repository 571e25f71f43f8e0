import { formatCount, formatNumber } from '../../format-number.ts';
import { html, nothing } from '../html.ts';
import { htmlTable } from '../html-table.ts';
import type { Section } from '../section.ts';
import { shortName } from '../short-name.ts';
import { statusTag } from '../status-tag.ts';
import type { Subject } from '../subject.ts';

/** Every gate with what it saw, and the parts of those that look at several things. */
export function gatesSection({ judgement }: Subject): Section[] {
  const verdict = judgement?.verdict;
  if (verdict === undefined || verdict.gates.length === 0) return [];
  const hasP = verdict.gates.some(({ adjustedP }) => typeof adjustedP === 'number');
  const table = htmlTable({
    caption: 'Every rule of the default branch, and what it saw.',
    columns: [
      { title: 'Gate' },
      { title: 'Result' },
      { title: 'Observed', align: 'right' },
      { title: 'Limit', align: 'right' },
      { title: 'Rows', align: 'right' },
      ...(hasP ? [{ title: 'p, adjusted', align: 'right' as const }] : []),
      { title: 'Why' },
    ],
    rows: verdict.gates.map(({ gate, status, informational, observed, limit, n, adjustedP, message, reported }) => [
      gate,
      html`${statusTag(status)}${informational ? html` <span class="soft">informational</span>` : nothing}${reported === true ? html` <span class="soft">reported</span>` : nothing}`,
      formatNumber(observed),
      formatNumber(limit),
      n === null ? '–' : formatCount(n),
      ...(hasP ? [formatNumber(adjustedP ?? null)] : []),
      message,
    ]),
  });
  const parts = verdict.gates.flatMap(({ gate, parts: all = [] }) =>
    all.length === 0
      ? []
      : [
          html`<details><summary>${gate}: ${all.length} parts</summary>${htmlTable({
            caption: gate,
            columns: [
              { title: 'Part' },
              { title: 'Result' },
              { title: 'Observed', align: 'right' },
              { title: 'Interval', align: 'right' },
              { title: 'Rows', align: 'right' },
            ],
            rows: all.map(({ name, status, observed, low, high, n }) => [
              shortName(name),
              statusTag(status),
              formatNumber(observed),
              low === null && high === null ? '–' : `${formatNumber(low)} to ${formatNumber(high)}`,
              n === null ? '–' : formatCount(n),
            ]),
          })}</details>`,
        ],
  );
  const { holm } = verdict;
  const shared =
    holm === undefined || holm.gates < 2
      ? nothing
      : html`<p class="soft">${holm.gates} gates share one chance of ${formatNumber(holm.alpha)} of a wrong decision (Holm).</p>`;
  return [{ id: 'gates', title: 'Gates', body: html`${table}${parts}${shared}` }];
}
