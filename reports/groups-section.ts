import { markdownTable } from 'markdown-table';
import type { Comparison } from '../pipelines/contracts/comparison.ts';
import type { Group } from '../pipelines/contracts/evaluation.ts';
import { effectMark, effectOf } from './effect-of.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { formatDelta } from './format-delta.ts';
import { formatCount, formatNumber } from './format-number.ts';
import { gapTitles, metricTitle } from './metric-title.ts';

/** Every group of every column that splits the holdout, with its rates and, where it was compared, the paired change. */
export function groupsTable(groups: readonly Group[], most: number, comparison: Comparison | null = null): string {
  const slices = comparison?.slices ?? [];
  const [compared] = slices;
  const direction = comparison?.metrics[0]?.direction ?? 'higher';
  const rows = groups.slice(0, most).map((group) => {
    const delta = slices.find(({ by, group: name }) => by === group.by && name === group.group)?.delta ?? null;
    return [
      `${escapeMarkdown(group.by)}: ${escapeMarkdown(group.group)}`,
      ...(compared === undefined ? [] : [effectMark(effectOf(delta, direction)), formatDelta(delta)]),
      formatCount(group.n),
      formatCount(group.positives),
      formatNumber(group.selectionRate),
      formatNumber(group.truePositiveRate),
      formatNumber(group.falsePositiveRate),
      formatNumber(group.rocAuc),
    ];
  });
  const changes =
    compared === undefined
      ? []
      : ['Result', `Change of ${metricTitle(compared.metric)} [95 % CI for all groups at once]`];
  const header = ['Group', ...changes, 'Rows', 'Positives', 'Selection rate', 'TPR', 'FPR', 'ROC AUC'];
  const align = ['l', ...changes.map(() => 'l'), 'r', 'r', 'r', 'r', 'r', 'r'];
  const table = markdownTable([header, ...rows], { align, alignDelimiters: false });
  return groups.length <= most ? table : `${table}\n\n…and ${groups.length - most} more.`;
}

/** One table per protected column: its gaps, by how much they changed and between whom; groups too small to judge by name. */
export function fairnessTables(comparison: Comparison): string[] {
  const columns = [...new Set(comparison.fairness.map(({ by }) => by))];
  return columns.map((by) => {
    const changes = comparison.fairness.filter((change) => change.by === by);
    const rows = changes.map(({ gap, head, base, delta, lowest, highest }) => [
      `${gapTitles[gap]} ↓`,
      effectMark(effectOf(delta, 'lower')),
      formatNumber(base),
      formatNumber(head),
      formatDelta(delta),
      lowest === null || highest === null ? '–' : `${escapeMarkdown(lowest)} to ${escapeMarkdown(highest)}`,
    ]);
    const header = [
      `Fairness by ${escapeMarkdown(by)}`,
      'Result',
      'Base',
      'Head',
      'Change [95 % CI]',
      'Lowest to highest now',
    ];
    const align = ['l', 'l', 'r', 'r', 'l', 'l'];
    const table = markdownTable([header, ...rows], { align, alignDelimiters: false });
    const small = [...new Set(changes.flatMap(({ tooSmall }) => tooSmall))].map((group) =>
      describeSmall(group, changes),
    );
    return small.length === 0 ? table : `${table}\n\nToo small to judge: ${small.join(', ')}.`;
  });
}

/** A group may be large enough for one rate and too small for another: their denominators differ. */
function describeSmall(group: string, changes: Comparison['fairness']): string {
  const left = changes.filter(({ tooSmall }) => tooSmall.includes(group));
  const name = escapeMarkdown(group);
  return left.length === changes.length
    ? name
    : `${name} (for ${left.map(({ gap }) => gapTitles[gap].toLowerCase()).join(', ')})`;
}
