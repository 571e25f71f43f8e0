import type { FairnessChange, GapName } from '../../../pipelines/contracts/comparison.ts';
import type { FairnessAttribute, FairnessMeasure } from '../../../pipelines/contracts/fairness.ts';
import { formatCount, formatNumber } from '../../format-number.ts';
import { gapTitles } from '../../metric-title.ts';
import type { Picture } from '../picture.ts';
import { shortName } from '../short-name.ts';
import type { Subject } from '../subject.ts';
import { forestSpec } from './forest.ts';

const most = 40;
/** Columns that get pictures; what others say stands in the tables. */
const mostColumns = 6;

/** The rate behind a gap; null for those that are made of several. */
const measureOf: Readonly<Record<GapName, FairnessMeasure | null>> = {
  tpr_gap: 'tpr',
  fpr_gap: 'fpr',
  selection_gap: 'selection_rate',
  ppv_gap: 'ppv',
  npv_gap: 'npv',
  accuracy_gap: 'accuracy',
  auc_gap: 'roc_auc',
  calibration_gap: 'calibration_gap',
  equalised_odds: null,
};

/** Rate of every group with its interval, for every gap of every protected column. */
export function fairnessPictures({ comparison }: Subject): Picture[] {
  const changes = comparison?.fairness ?? [];
  const columns = [...new Set(changes.map(({ by }) => by))].slice(0, mostColumns);
  return columns.flatMap((by, column) => {
    const attribute = comparison?.groupFairness?.attributes.find((one) => one.by === by);
    return changes
      .filter((change) => change.by === by)
      .flatMap((change) => {
        const measure = measureOf[change.gap];
        if (measure === null) return [];
        const overall = comparison?.groupFairness?.overall[measure]?.value ?? null;
        return [picture(change, { attribute, overall, column, measure })];
      });
  });
}

type Rate = {
  group: string;
  value: number;
  low: number | null;
  high: number | null;
  base: number | null;
  n: number;
  small: boolean;
};

type Context = {
  attribute: FairnessAttribute | undefined;
  overall: number | null;
  column: number;
  measure: FairnessMeasure;
};

function picture(change: FairnessChange, { attribute, overall, column, measure }: Context): Picture {
  const { gap, by, head, base, lowest, highest, tooSmall } = change;
  const title = gapTitles[gap].replace(/ gap$/, '');
  const rates = ratesOf(change, attribute, measure);
  const shown = rates.toSorted((left, right) => left.value - right.value).slice(0, most);
  const between =
    lowest === null || highest === null ? '' : `, from ${shortName(lowest, 40)} to ${shortName(highest, 40)}`;
  return {
    id: `fairness-${column + 1}-${measure.replaceAll('_', '-')}`,
    title: `${title} by ${shortName(by, 40)}`,
    hint: 'The closer together the more alike groups are treated; hollow diamonds are the base, the dotted line is all rows. Groups too small to judge are shown and do not count.',
    summary:
      head === null
        ? 'Fewer than two groups are large enough to be judged.'
        : `Gap ${formatNumber(head)}${between}${base === null ? '' : `; base ${formatNumber(base)}`}.${tooSmall.length === 0 ? '' : ` Too small to judge: ${tooSmall.length}.`}`,
    spec: forestSpec(
      shown.map(({ group, value, low, high, base: before, small }) => ({
        label: `${shortName(group, 40)}${small ? ' (small)' : ''}`,
        value,
        low,
        high,
        base: before,
      })),
      { title, reference: overall },
    ),
    columns: [
      { title: shortName(by, 40) },
      { title: 'Head', align: 'right' },
      { title: '95 % interval', align: 'right' },
      { title: 'Base', align: 'right' },
      { title: 'Rows it is taken over', align: 'right' },
    ],
    rows: shown.map(({ group, value, low, high, base: before, n }) => [
      shortName(group),
      formatNumber(value),
      low === null || high === null ? '–' : `${formatNumber(low)} to ${formatNumber(high)}`,
      formatNumber(before),
      formatCount(n),
    ]),
  };
}

function ratesOf(
  { groups, tooSmall }: FairnessChange,
  attribute: FairnessAttribute | undefined,
  measure: FairnessMeasure,
): Rate[] {
  const small = new Set(tooSmall);
  if (attribute === undefined) {
    return groups.flatMap(({ group, head, base, denominator }) =>
      head === null
        ? []
        : [{ group, value: head, low: null, high: null, base, n: denominator, small: small.has(group) }],
    );
  }
  return attribute.groups.flatMap(({ group, measures }) => {
    const found = measures[measure];
    if (found === undefined || found.value === null) return [];
    const { value, low, high, n, base = null } = found;
    return [{ group, value, low, high, base, n, small: small.has(group) }];
  });
}
