import type { Comparison, FairnessChange } from '../pipelines/contracts/comparison.ts';
import { effectOf } from './effect-of.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { formatDelta } from './format-delta.ts';
import { formatNumber } from './format-number.ts';
import { gapTitles } from './metric-title.ts';

/** Columns that get a line; the tables tell all. */
const most = 5;

/** A line per protected column: every gap, between whom, and how it moved. Empty when nothing is protected. */
export function gapsLine({ fairness }: Comparison): string {
  const columns = [...new Set(fairness.map(({ by }) => by))];
  const lines = columns.slice(0, most).map((by) => {
    const gaps = fairness.filter((change) => change.by === by).map(describeGap);
    return `- Fairness by ${escapeMarkdown(by)}: ${gaps.join('; ')}`;
  });
  return [...lines, ...(columns.length > most ? [`- …and ${columns.length - most} more columns`] : [])].join('\n');
}

function describeGap({ gap, head, delta, lowest, highest }: FairnessChange): string {
  const title = gapTitles[gap].toLowerCase();
  if (head === null) return `${title} not judged, too few rows`;
  const between =
    lowest === null || highest === null ? '' : ` (${escapeMarkdown(lowest, 60)} to ${escapeMarkdown(highest, 60)})`;
  const effect = effectOf(delta, 'lower');
  const change =
    delta === null
      ? ''
      : effect === null
        ? ', no evidence of a change'
        : `, ${effect === 'worse' ? '**worse**' : effect} by ${formatDelta(delta)}`;
  return `${title} ${formatNumber(head)}${between}${change}`;
}
