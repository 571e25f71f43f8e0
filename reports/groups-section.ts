import { markdownTable } from 'markdown-table';
import type { Comparison } from '../pipelines/contracts/comparison.ts';
import type { Group } from '../pipelines/contracts/evaluation.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { formatCount, formatNumber } from './format-number.ts';
import { gapTitles } from './metric-title.ts';

/** Every group of every column that splits the holdout, with its rates. */
export function groupsTable(groups: readonly Group[], most: number): string {
  const rows = groups
    .slice(0, most)
    .map((group) => [
      `${escapeMarkdown(group.by)}: ${escapeMarkdown(group.group)}`,
      formatCount(group.n),
      formatCount(group.positives),
      formatNumber(group.selectionRate),
      formatNumber(group.truePositiveRate),
      formatNumber(group.falsePositiveRate),
      formatNumber(group.rocAuc),
    ]);
  const header = ['Group', 'Rows', 'Positives', 'Selection rate', 'TPR', 'FPR', 'ROC AUC'];
  const align = ['l', 'r', 'r', 'r', 'r', 'r', 'r'];
  const table = markdownTable([header, ...rows], { align, alignDelimiters: false });
  return groups.length <= most ? table : `${table}\n\n…and ${groups.length - most} more.`;
}

/** One line per protected column: its largest gaps and between whom; groups too small to judge by name. */
export function fairnessLines(comparison: Comparison): string[] {
  const columns = [...new Set(comparison.fairness.map(({ by }) => by))];
  return columns.map((by) => {
    const changes = comparison.fairness.filter((change) => change.by === by);
    const gaps = changes.map(({ gap, head, base, lowest, highest }) => {
      if (head === null) return `${gapTitles[gap]} cannot be told`;
      const between = `${escapeMarkdown(lowest ?? '')} to ${escapeMarkdown(highest ?? '')}`;
      const before = base === null ? '' : `, base ${formatNumber(base)}`;
      return `${gapTitles[gap]} ${formatNumber(head)} (${between}${before})`;
    });
    const small = [...new Set(changes.flatMap(({ tooSmall }) => tooSmall))].map((group) =>
      describeSmall(group, changes),
    );
    const omitted = small.length === 0 ? '' : `; too small to judge: ${small.join(', ')}`;
    return `**Fairness by ${escapeMarkdown(by)}**: ${gaps.join('; ')}${omitted}`;
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
