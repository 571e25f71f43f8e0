import type { Bounded, FairnessAttribute, FairnessMeasure, GroupFairness } from '../pipelines/contracts/fairness.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { fourFifthsNote, impossibilityNote, labelNote } from './fairness-notes.ts';
import { criterionTitles, measureTitles } from './fairness-titles.ts';
import { formatChange, formatCount, formatNumber } from './format-number.ts';
import { type PlainTable, plainTable } from './plain-table.ts';
import { type WidestRate, widestRate } from './widest-rate.ts';

/** Measures in columns, those that are there. */
const shown: readonly { measure: FairnessMeasure; title: string }[] = [
  { measure: 'base_rate', title: 'Base rate' },
  { measure: 'selection_rate', title: 'Selected' },
  { measure: 'tpr', title: 'TPR' },
  { measure: 'fpr', title: 'FPR' },
  { measure: 'ppv', title: 'PPV' },
  { measure: 'npv', title: 'NPV' },
  { measure: 'accuracy', title: 'Accuracy' },
  { measure: 'roc_auc', title: 'ROC AUC' },
  { measure: 'calibration_gap', title: 'Score - base rate' },
  { measure: 'ece', title: 'ECE' },
];
/** Names in a list that is no table. */
const mostNames = 20;

/** Every group of every protected column with its rates, what ideas of fairness say, and what must be known to read it. */
export function groupFairnessTables(fairness: GroupFairness, most: number): string[] {
  const { attributes, threshold, minGroup } = fairness;
  if (attributes.length === 0) return [];
  const decided = threshold === null ? 'as the model decides' : `at a score of ${formatNumber(threshold)} and more`;
  return [
    ...attributes.flatMap((attribute) => describeAttribute(attribute, fairness, most)),
    `Selected ${decided}; groups with fewer than ${formatCount(minGroup)} rows to divide by are not judged. ${impossibilityNote} ${labelNote}`,
  ];
}

function describeAttribute(attribute: FairnessAttribute, { overall }: GroupFairness, most: number): string[] {
  const { by, criteria, small, fourFifths } = attribute;
  const widest = widestRate(attribute);
  const names = small.slice(0, mostNames).map((name) => escapeMarkdown(name, 60));
  const more = small.length > names.length ? ` and ${small.length - names.length} more` : '';
  return [
    `**${escapeMarkdown(by)}**: ideas of fairness, and how far apart the groups are by each`,
    plainTable(criteriaTable(criteria), most),
    plainTable(groupTable(attribute, widest, overall), most),
    ...(widest?.chance == null ? [] : [widest.chance]),
    ...(fourFifths?.below === true
      ? [`Four fifths: ratio of selection rates ${formatNumber(fourFifths.ratio)}, under 0.8; ${fourFifthsNote}.`]
      : []),
    ...(small.length === 0 ? [] : [`Too small to judge: ${names.join(', ')}${more}.`]),
  ];
}

function criteriaTable(criteria: FairnessAttribute['criteria']): PlainTable {
  return {
    columns: [
      { title: 'Idea' },
      { title: 'Widest gap', align: 'right' },
      { title: '95 % interval' },
      { title: 'Ratio', align: 'right' },
      { title: 'Change from base' },
      { title: 'Lowest to highest' },
    ],
    rows: criteria.map(({ name, difference, ratio, change, lowest, highest, measure, measures }) => [
      `${criterionTitles[name]}${measures.length > 1 && measure !== null ? ` (${measureTitles[measure].toLowerCase()})` : ''}`,
      formatNumber(difference.value),
      rangeOf(difference, formatNumber),
      formatNumber(ratio.value),
      change === undefined || change.difference.value === null
        ? '–'
        : `${formatChange(change.difference.value)} [${rangeOf(change.difference, formatChange)}]`,
      lowest === null || highest === null
        ? '–'
        : `${lowest.group} ${formatNumber(lowest.value)} to ${highest.group} ${formatNumber(highest.value)}`,
    ]),
  };
}

/** The intervals of the rate that differs most stand beside the names, below each other. */
function groupTable(
  { by, groups }: FairnessAttribute,
  widest: WidestRate | null,
  overall: GroupFairness['overall'],
): PlainTable {
  const columns = shown.filter(({ measure }) => measure in overall);
  return {
    columns: [
      { title: by },
      ...(widest === null ? [] : [{ title: `${widest.title} [95 % interval]` }]),
      { title: 'Rows', align: 'right' },
      ...columns.map(({ title }) => ({ title, align: 'right' as const })),
    ],
    rows: groups.map((group) => [
      group.group,
      ...(widest === null ? [] : [widest.stripOf(group)]),
      formatCount(group.n),
      ...columns.map(({ measure }) => formatNumber(group.measures[measure]?.value ?? null)),
    ]),
  };
}

function rangeOf({ low, high }: Bounded, format: (value: number | null) => string): string {
  return low === null || high === null ? '–' : `${format(low)} to ${format(high)}`;
}
