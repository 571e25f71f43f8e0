import type { Comparison } from '../../pipelines/contracts/comparison.ts';
import type { Evaluation } from '../../pipelines/contracts/evaluation.ts';
import type { FairnessAttribute } from '../../pipelines/contracts/fairness.ts';
import type { Judgement } from '../../pipelines/contracts/judgement.ts';
import { escapeMarkdown } from '../escape-markdown.ts';
import { measureTitles } from '../fairness-titles.ts';
import { formatCount, formatNumber } from '../format-number.ts';
import { fairnessTables, groupsTable } from '../groups-section.ts';
import { describeImportance } from '../importance-table.ts';
import { metricTitle } from '../metric-title.ts';
import { type PlainTable, plainTable } from '../plain-table.ts';
import { describeRobustness } from '../robustness-table.ts';
import { worstSlicesTable } from '../worst-slices-table.ts';

const most = 200;

/** Unitary results (one factor at a time), then intersectional ones (several at once), as the paper asks for both. */
export function quantitativeAnalyses({ evaluated, comparison }: Judgement): string {
  const head = evaluated.headEvaluation;
  if (head === null) return 'Nothing was measured.';
  const attributes = comparison?.groupFairness?.attributes ?? [];
  return [
    '### Unitary results',
    ...unitary(
      head,
      comparison,
      attributes.filter(({ columns }) => columns.length === 1),
    ),
    '### Intersectional results',
    ...intersectional(
      head,
      attributes.filter(({ columns }) => columns.length > 1),
    ),
    ...(head.explanation === undefined
      ? []
      : ['### What it goes by', `Most important inputs: ${escapeMarkdown(describeImportance(head.explanation))}.`]),
    ...(head.robustness === undefined
      ? []
      : ['### Robustness', `With one input spoilt at a time: ${describeRobustness(head.robustness)}.`]),
  ].join('\n\n');
}

function unitary(
  { groups, slices = [], metrics }: Evaluation,
  comparison: Comparison | null,
  attributes: readonly FairnessAttribute[],
): string[] {
  const primary = comparison?.metrics[0]?.name ?? metrics[0]?.name;
  const rows = slices.flatMap(({ by, group, n, metrics: measured }) => {
    const found = measured.find(({ name }) => name === primary);
    if (found === undefined) return [];
    const range =
      found.interval === null ? '–' : `${formatNumber(found.interval.low)} to ${formatNumber(found.interval.high)}`;
    return [[`${by}: ${group}`, formatCount(n), formatNumber(found.value), range]];
  });
  const byGroup: PlainTable = {
    columns: [
      { title: 'Group' },
      { title: 'Rows', align: 'right' },
      { title: metricTitle(primary ?? ''), align: 'right' },
      { title: '95 % interval' },
    ],
    rows,
  };
  const parts = [
    ...(groups.length === 0 ? [] : [groupsTable(groups, most, comparison)]),
    ...(rows.length === 0 ? [] : [plainTable(byGroup, most)]),
    ...(comparison === null ? [] : fairnessTables(comparison)),
    ...attributes.map(ratesTable),
  ];
  return parts.length === 0 ? ['No groups were compared.'] : parts;
}

function intersectional({ worstSlices }: Evaluation, attributes: readonly FairnessAttribute[]): string[] {
  const pairs = worstSlices?.slices.filter(({ where }) => where.length > 1) ?? [];
  const parts = [
    ...attributes.map(ratesTable),
    ...(worstSlices === undefined || pairs.length === 0
      ? []
      : [plainTable(worstSlicesTable({ ...worstSlices, slices: pairs }), most)]),
  ];
  if (parts.length > 0) return parts;
  if (worstSlices === undefined) return ['No intersections were measured.'];
  return [
    `Of ${formatCount(worstSlices.tested)} groups of at least ${formatCount(worstSlices.minSize)} rows, by one column or two, none by two was found on which the model errs more.`,
  ];
}

/** Every rate of every group with its interval. */
function ratesTable({ by, groups }: FairnessAttribute): string {
  const names = Object.keys(measureTitles)
    .filter(isMeasure)
    .filter((name) => groups.some(({ measures }) => name in measures));
  const shown = names.filter((name) => shownMeasures.has(name));
  return plainTable(
    {
      columns: [
        { title: by },
        { title: 'Rows', align: 'right' },
        ...shown.map((name) => ({ title: `${measureTitles[name]}, 95 % interval`, align: 'right' as const })),
      ],
      rows: groups.map(({ group, n, measures }) => [
        group,
        formatCount(n),
        ...shown.map((name) => {
          const found = measures[name];
          if (found === undefined || found.value === null) return '–';
          return `${formatNumber(found.value)} [${formatNumber(found.low)}, ${formatNumber(found.high)}]`;
        }),
      ]),
    },
    most,
  );
}

/** Of the many measures those that a reader of a card knows. */
const shownMeasures: ReadonlySet<string> = new Set([
  'selection_rate',
  'tpr',
  'fpr',
  'ppv',
  'roc_auc',
  'mae',
  'mean_error',
]);

function isMeasure(name: string): name is keyof typeof measureTitles {
  return Object.hasOwn(measureTitles, name);
}
