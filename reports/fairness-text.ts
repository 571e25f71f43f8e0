import type {
  Bounded,
  Fairness,
  FairnessAttribute,
  FairnessCriterion,
  FairnessGroup,
  FairnessMeasure,
} from '../pipelines/contracts/fairness.ts';
import { plainLine } from './escape-markdown.ts';
import { fourFifthsNote, impossibilityNote, labelNote } from './fairness-notes.ts';
import { criterionTitles, measureTitles } from './fairness-titles.ts';
import { formatChange, formatCount, formatNumber } from './format-number.ts';
import { widestRate } from './widest-rate.ts';

type Paint = (style: 'bold' | 'dim' | 'green' | 'red' | 'yellow', text: string) => string;

/** Groups of one attribute that a terminal shows. */
const MOST_GROUPS = 40;
/** Measures in columns, those that are there. */
const shownMeasures: readonly { measure: FairnessMeasure; title: string }[] = [
  { measure: 'base_rate', title: 'base' },
  { measure: 'selection_rate', title: 'selected' },
  { measure: 'tpr', title: 'TPR' },
  { measure: 'fpr', title: 'FPR' },
  { measure: 'ppv', title: 'PPV' },
  { measure: 'npv', title: 'NPV' },
  { measure: 'accuracy', title: 'accuracy' },
  { measure: 'roc_auc', title: 'AUC' },
  { measure: 'calibration_gap', title: 'score-base' },
  { measure: 'mean_label', title: 'label' },
  { measure: 'mean_prediction', title: 'predicted' },
  { measure: 'mean_error', title: 'error' },
  { measure: 'mae', title: 'MAE' },
];

/** Fairness for a terminal: per attribute what is widest apart and between whom, then every group. */
export function renderFairnessText(fairness: Fairness, paint: Paint): string {
  const { data, rows, decision, positive, favourable, minGroup, leftOut } = fairness;
  const facts = [
    `selected: ${plainLine(decision)}`,
    ...(positive === null ? [] : [`positive label: ${plainLine(positive)}`]),
    ...(favourable === null ? [] : [`good for the person: ${favourable}`]),
  ];
  const omitted = leftOut.map(({ reason, rows: n }) => `${formatCount(n)} with ${reason}`);
  return [
    paint(
      'bold',
      `${plainLine(data)}: ${formatCount(rows)} rows; 95 % intervals; groups under ${minGroup} are not judged`,
    ),
    `  ${facts.join('; ')}`,
    ...(omitted.length === 0 ? [] : [`  left out: ${omitted.join(', ')}`]),
    ...fairness.notes.map((note) => `  ${plainLine(note)}`),
    ...fairness.attributes.flatMap((attribute) => ['', ...describeAttribute(attribute, fairness.overall, paint)]),
    ...(fairness.controls ?? []).flatMap(({ column, value, rows: n, overall, attributes }) => [
      '',
      paint(
        'bold',
        `${plainLine(column)} = ${value === null ? '(missing)' : plainLine(value)}, ${formatCount(n)} rows`,
      ),
      ...attributes.flatMap((attribute) => describeAttribute(attribute, overall, paint)),
    ]),
    ...(fairness.classes ?? []).flatMap((part) => [
      '',
      paint('bold', `class ${plainLine(part.class)} against all others`),
      ...part.attributes.flatMap((attribute) => describeAttribute(attribute, part.overall, paint)),
    ]),
    '',
    ...(fairness.task === 'binary'
      ? [paint('dim', impossibilityNote), paint('dim', labelNote)]
      : [paint('dim', labelNote)]),
  ].join('\n');
}

function describeAttribute(attribute: FairnessAttribute, overall: FairnessGroup['measures'], paint: Paint): string[] {
  const { by, groups, criteria, disparities, fourFifths, small } = attribute;
  const gaps =
    criteria.length > 0
      ? criteria.map((criterion) => describeGap(criterionTitles[criterion.name], criterion, paint))
      : disparities.map((disparity) => describeGap(measureTitles[disparity.measure], disparity, paint));
  const widest = widestRate(attribute);
  const names = (those: readonly string[]) => those.map((name) => plainLine(name, 60)).join(', ');
  return [
    paint(
      'bold',
      `by ${plainLine(by)}: ${groups.length} ${groups.length === 1 ? 'group, so nothing to compare' : 'groups'}`,
    ),
    ...gaps.filter((line) => line !== null),
    ...(fourFifths?.below === true
      ? [
          `  ${paint('yellow', 'four fifths')}: ratio ${formatNumber(fourFifths.ratio)} is under 0.8 (${fourFifthsNote})`,
        ]
      : []),
    ...groupLines(attribute, overall, paint),
    ...(widest?.chance == null ? [] : [paint('dim', `  ${widest.chance}`)]),
    ...(small.length === 0
      ? []
      : [
          paint(
            'dim',
            `  too small to judge: ${names(small.slice(0, 20))}${small.length > 20 ? ` and ${small.length - 20} more` : ''}`,
          ),
        ]),
  ];
}

type Gap = Pick<FairnessCriterion, 'lowest' | 'highest' | 'difference' | 'ratio' | 'change'>;

function describeGap(title: string, { lowest, highest, difference, ratio, change }: Gap, paint: Paint): string | null {
  if (difference.value === null || lowest === null || highest === null) return null;
  const ends = `${plainLine(lowest.group, 60)} ${formatNumber(lowest.value)} to ${plainLine(highest.group, 60)} ${formatNumber(highest.value)}`;
  const quotient = ratio.value === null ? '' : `, ratio ${formatNumber(ratio.value)}`;
  const moved =
    change === undefined || change.difference.value === null
      ? ''
      : `, ${formatChange(change.difference.value)} from base ${range(change.difference, formatChange)}`;
  return `  ${title.padEnd(24)} ${formatNumber(difference.value)} ${paint('dim', range(difference, formatNumber))}  ${ends}${quotient}${moved}`;
}

function range({ low, high }: Bounded, format: (value: number | null) => string): string {
  return low === null || high === null ? '' : `[${format(low)}, ${format(high)}]`;
}

function groupLines(attribute: FairnessAttribute, overall: FairnessGroup['measures'], paint: Paint): string[] {
  const { groups } = attribute;
  const columns = shownMeasures.filter(({ measure }) => measure in overall);
  const widest = widestRate(attribute);
  const strip = (text: string) => (widest === null ? [] : [text]);
  const rows = [
    ['group', 'rows', ...columns.map(({ title }) => title), ...strip(`${widest?.title}, 95 %`)],
    ...groups
      .slice(0, MOST_GROUPS)
      .map((group) => [
        plainLine(group.group, 40),
        formatCount(group.n),
        ...columns.map(({ measure }) => formatNumber(group.measures[measure]?.value ?? null)),
        ...strip(widest?.stripOf(group) ?? ''),
      ]),
    ['(all)', '', ...columns.map(({ measure }) => formatNumber(overall[measure]?.value ?? null)), ...strip('')],
  ];
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  const isText = (at: number) => at === 0 || at > columns.length + 1;
  const lines = rows.map((row) =>
    `  ${row.map((cell, at) => (isText(at) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ')}`.trimEnd(),
  );
  const more =
    groups.length > MOST_GROUPS ? [`  and ${groups.length - MOST_GROUPS} more groups; --out or --json has all`] : [];
  return [paint('dim', lines[0] ?? ''), ...lines.slice(1), ...more];
}
