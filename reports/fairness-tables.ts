import type {
  Bounded,
  Disparity,
  FairnessAttribute,
  FairnessMeasure,
  GroupFairness,
} from '../pipelines/contracts/fairness.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { fourFifthsNote, impossibilityNote, labelNote } from './fairness-notes.ts';
import { criterionTitles, measureTitles } from './fairness-titles.ts';
import { formatChange, formatCount, formatNumber } from './format-number.ts';
import { intervalStrip } from './interval-strip.ts';
import { type PlainTable, plainTable } from './plain-table.ts';

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
/** The rate whose intervals are drawn: the widest of these. */
const drawn: readonly FairnessMeasure[] = ['tpr', 'fpr', 'selection_rate'];
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
  const { by, disparities, criteria, small, fourFifths } = attribute;
  const widest = disparities
    .filter(({ measure, difference }) => drawn.includes(measure) && difference.value !== null)
    .toSorted((left, right) => (right.difference.value ?? 0) - (left.difference.value ?? 0))[0];
  const names = small.slice(0, mostNames).map((name) => escapeMarkdown(name, 60));
  const more = small.length > names.length ? ` and ${small.length - names.length} more` : '';
  return [
    `**${escapeMarkdown(by)}**: ideas of fairness, and how far apart the groups are by each`,
    plainTable(criteriaTable(criteria), most),
    plainTable(groupTable(attribute, widest, overall), most),
    ...(widest?.chance == null ? [] : [chanceLine(widest, widest.chance)]),
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
  widest: Disparity | undefined,
  overall: GroupFairness['overall'],
): PlainTable {
  const columns = shown.filter(({ measure }) => measure in overall);
  const rates = widest === undefined ? [] : groups.flatMap(({ measures }) => measures[widest.measure] ?? []);
  const ends = rates.flatMap(({ value, low, high }) => [value, low, high]).filter((end) => end !== null);
  const domain = [Math.min(...ends), Math.max(...ends)] as const;
  const stripOf = (group: FairnessAttribute['groups'][number]) => {
    const rate = widest === undefined ? undefined : group.measures[widest.measure];
    if (rate === undefined || rate.value === null) return '';
    return `${intervalStrip({ ...rate, value: rate.value }, domain)} ${rangeOf(rate, formatNumber)}`;
  };
  return {
    columns: [
      { title: by },
      ...(widest === undefined ? [] : [{ title: `${measureTitles[widest.measure]} [95 % interval]` }]),
      { title: 'Rows', align: 'right' },
      ...columns.map(({ title }) => ({ title, align: 'right' as const })),
    ],
    rows: groups.map((group) => [
      group.group,
      ...(widest === undefined ? [] : [stripOf(group)]),
      formatCount(group.n),
      ...columns.map(({ measure }) => formatNumber(group.measures[measure]?.value ?? null)),
    ]),
  };
}

function chanceLine({ measure, groups, difference }: Disparity, chance: NonNullable<Disparity['chance']>): string {
  const p = chance.p < 0.001 ? 'less than 0.1 %' : `${(100 * chance.p).toFixed(chance.p < 0.1 ? 1 : 0)} %`;
  return `${measureTitles[measure]}: ${groups} groups of these sizes that are alike differ by ${formatNumber(chance.difference)} on average, by chance alone; ${formatNumber(difference.value)} and more comes about in ${p} of cases.`;
}

function rangeOf({ low, high }: Bounded, format: (value: number | null) => string): string {
  return low === null || high === null ? '–' : `${format(low)} to ${format(high)}`;
}
