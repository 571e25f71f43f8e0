import type { Comparison } from '../../../pipelines/contracts/comparison.ts';
import { effectOf } from '../../effect-of.ts';
import { formatChange, formatCount, formatNumber } from '../../format-number.ts';
import { metricTitle } from '../../metric-title.ts';
import type { Picture } from '../picture.ts';
import { shortName } from '../short-name.ts';
import type { Subject } from '../subject.ts';
import { type ForestRow, forestSpec } from './forest.ts';

/** Rows of a picture; of more, those that differ most. */
const most = 40;

/** Change in every slice, and the value in every slice, of the metric that comes first. */
export function slicePictures(subject: Subject): Picture[] {
  return [...changeBySlice(subject.comparison), ...valueBySlice(subject)];
}

function changeBySlice(comparison: Comparison | null): Picture[] {
  const slices = (comparison?.slices ?? []).flatMap(({ delta, ...slice }) =>
    delta === null ? [] : [{ ...slice, delta }],
  );
  const [first] = slices;
  const primary = comparison?.metrics[0];
  if (first === undefined || primary === undefined) return [];
  const direction = primary.direction;
  const shown = keepMost(slices, ({ delta }) => Math.abs(delta.value));
  const rows = shown.map(
    ({ by, group, delta }): ForestRow => ({
      label: labelsOf(shown)(by, group),
      value: delta.value,
      low: delta.low,
      high: delta.high,
      effect: effectOf(delta, direction),
    }),
  );
  const count = (effect: 'better' | 'worse') =>
    slices.filter(({ delta }) => effectOf(delta, direction) === effect).length;
  const undecided = slices.length - count('better') - count('worse');
  const title = metricTitle(first.metric);
  return [
    {
      id: 'slice-changes',
      title: `Change of ${title} by ${columnsOf(shown)}`,
      hint: `An interval that does not touch the dotted line at 0 is more than chance, also with all groups looked at. ${direction === 'higher' ? 'Right' : 'Left'} of it is better.`,
      summary: `Of ${slices.length} groups ${count('better')} became better and ${count('worse')} worse${undecided === 0 ? '' : `; for ${undecided} chance explains the change`}.`,
      spec: forestSpec(rows, { title: `Change of ${title}, head less base`, reference: 0 }),
      columns: [
        { title: 'Group' },
        { title: 'Rows', align: 'right' },
        { title: 'Change', align: 'right' },
        { title: '95 % interval', align: 'right' },
      ],
      rows: shown.map(({ by, group, n, delta }) => [
        nameOf(by, group),
        formatCount(n),
        formatChange(delta.value),
        `${formatChange(delta.low)} to ${formatChange(delta.high)}`,
      ]),
    },
  ];
}

function valueBySlice({ head, base, comparison }: Subject): Picture[] {
  const primary = comparison?.metrics[0]?.name ?? head?.metrics[0]?.name;
  const found = (head?.slices ?? []).flatMap(({ by, group, metrics }) => {
    const metric = metrics.find(({ name }) => name === primary);
    return metric === undefined || metric.value === null ? [] : [{ by, group, ...metric, value: metric.value }];
  });
  if (primary === undefined || found.length === 0) return [];
  const whole = head?.metrics.find(({ name }) => name === primary)?.value ?? null;
  const before = (by: string, group: string) =>
    base?.slices
      ?.find((slice) => slice.by === by && slice.group === group)
      ?.metrics.find(({ name }) => name === primary)?.value ?? null;
  const shown = keepMost(found, ({ value }) => Math.abs(value - (whole ?? 0)));
  const title = metricTitle(primary);
  const sorted = found.toSorted((left, right) => left.value - right.value);
  const [lowest, highest] = [sorted[0], sorted.at(-1)];
  const end = (slice: typeof lowest) =>
    slice === undefined ? '' : `${formatNumber(slice.value)} (${nameOf(slice.by, slice.group)})`;
  return [
    {
      id: 'slice-values',
      title: `${title} by ${columnsOf(shown)}`,
      hint: 'The dotted line is all rows together; hollow diamonds are the base.',
      summary: `From ${end(lowest)} to ${end(highest)}; ${formatNumber(whole)} on all rows.`,
      spec: forestSpec(
        shown.map(({ by, group, value, interval }) => ({
          label: labelsOf(shown)(by, group),
          value,
          low: interval?.low ?? null,
          high: interval?.high ?? null,
          base: before(by, group),
        })),
        { title, reference: whole },
      ),
      columns: [
        { title: 'Group' },
        { title: 'Rows', align: 'right' },
        { title: 'Head', align: 'right' },
        { title: '95 % interval', align: 'right' },
        { title: 'Base', align: 'right' },
      ],
      rows: shown.map(({ by, group, n, value, interval }) => [
        nameOf(by, group),
        formatCount(n),
        formatNumber(value),
        interval === null ? '–' : `${formatNumber(interval.low)} to ${formatNumber(interval.high)}`,
        formatNumber(before(by, group)),
      ]),
    },
  ];
}

/** Slices that were found by looking, with how much worse they are than the other rows. */
export function worstSlicePicture({ head }: Subject): Picture[] {
  const worst = head?.worstSlices;
  if (worst === undefined || worst.slices.length === 0) return [];
  const shown = worst.slices.slice(0, most);
  const label = (where: readonly { by: string; group: string }[]) =>
    where.map(({ by, group }) => nameOf(by, group, 28)).join(', ');
  const [first] = shown;
  const title = metricTitle(worst.loss);
  return [
    {
      id: 'worst-slices',
      title: 'Where the model errs most',
      hint: `Found by looking at ${formatCount(worst.tested)} groups of at least ${formatCount(worst.minSize)} rows, by one column or two, and corrected for the looking. ${shortName(worst.test, 300)}`,
      summary:
        first === undefined
          ? ''
          : `Worst: ${label(first.where)}, ${formatCount(first.n)} rows, ${title} ${formatNumber(first.value)}, ${formatChange(first.difference)} against all other rows.`,
      spec: forestSpec(
        shown.map(({ where, difference, interval, adjustedP }) => ({
          label: label(where),
          value: difference,
          low: interval.low,
          high: interval.high,
          effect: adjustedP < 0.05 ? 'worse' : null,
        })),
        { title: `Mean ${title}, less that of all other rows`, reference: 0 },
      ),
      columns: [
        { title: 'Group' },
        { title: 'Rows', align: 'right' },
        { title: `Mean ${title}`, align: 'right' },
        { title: 'Difference', align: 'right' },
        { title: '95 % interval', align: 'right' },
        { title: 'p, corrected', align: 'right' },
      ],
      rows: shown.map(({ where, n, value, difference, interval, adjustedP }) => [
        label(where),
        formatCount(n),
        formatNumber(value),
        formatChange(difference),
        `${formatChange(interval.low)} to ${formatChange(interval.high)}`,
        formatNumber(adjustedP),
      ]),
    },
  ];
}

/** `origin_region`, or `group` where there are several columns. */
function columnsOf(slices: readonly { by: string }[]): string {
  const [first, ...others] = new Set(slices.map(({ by }) => by));
  return first === undefined || others.length > 0 ? 'group' : shortName(first, 40);
}

/** The column is named where there are several. */
function labelsOf(slices: readonly { by: string }[]): (by: string, group: string) => string {
  const several = new Set(slices.map(({ by }) => by)).size > 1;
  return (by, group) => (several ? nameOf(by, group) : shortName(group, 40));
}

function nameOf(by: string, group: string, longest = 40): string {
  return `${shortName(by, longest)}: ${shortName(group, longest)}`;
}

/** In their order, those that matter most by `weight`. */
function keepMost<T>(all: readonly T[], weight: (item: T) => number): readonly T[] {
  if (all.length <= most) return all;
  const kept = new Set(all.toSorted((left, right) => weight(right) - weight(left)).slice(0, most));
  return all.filter((item) => kept.has(item));
}
