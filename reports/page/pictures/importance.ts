import type { Explanation } from '../../../pipelines/contracts/explanation.ts';
import { chartColours, chartConfig, chartSchema, labelExpression } from '../../chart-theme.ts';
import { formatChange, formatCount, formatNumber } from '../../format-number.ts';
import { metricTitle } from '../../metric-title.ts';
import type { Picture } from '../picture.ts';
import { shortName } from '../short-name.ts';
import type { Explained } from '../subject.ts';
import { forestSpec } from './forest.ts';

const most = 20;
/** Inputs and points of the picture of SHAP values: what can still be told apart. */
const mostInputs = 10;
const mostPoints = 80;

/** What the model goes by, how that moved from base, and what every input does to single answers. */
export function importancePictures({ head }: Explained): Picture[] {
  const explanation = head?.explanation;
  return explanation === undefined
    ? []
    : [...importance(explanation), ...importanceChange(explanation), ...attributions(explanation)];
}

function importance({ head, base, metric, sample }: Explanation): Picture[] {
  const shown = head.importance.slice(0, most);
  const [first] = shown;
  if (first === undefined) return [];
  const before = new Map((base?.importance ?? []).map(({ feature, value }) => [feature, value]));
  const name = metricTitle(metric.name);
  const unused = head.importance.filter(({ value, deviation }) => value === 0 && deviation === 0).length;
  return [
    {
      id: 'importance',
      title: 'What the model goes by',
      hint: `How much worse ${name} gets when an input is shuffled, on ${formatCount(sample.rows)} of ${formatCount(sample.of)} rows, ${sample.repeats} times. Inputs that tell the same share their importance.`,
      summary: `Most important: ${shown
        .slice(0, 3)
        .map(({ feature, value }) => `${shortName(feature, 40)} (${formatNumber(value)})`)
        .join(', ')}.${unused === 0 ? '' : ` Not used: ${unused} of ${head.importance.length} inputs.`}`,
      spec: forestSpec(
        shown.map(({ feature, value, interval }) => ({
          label: shortName(feature, 40),
          value,
          low: interval?.low ?? null,
          high: interval?.high ?? null,
          base: before.get(feature) ?? null,
        })),
        { title: `Loss of ${name} when shuffled`, reference: 0 },
      ),
      columns: [
        { title: 'Input' },
        { title: 'Importance', align: 'right' },
        { title: 'Interval', align: 'right' },
        { title: 'Base', align: 'right' },
      ],
      rows: shown.map(({ feature, value, interval }) => [
        shortName(feature),
        formatNumber(value),
        interval === null ? '–' : `${formatNumber(interval.low)} to ${formatNumber(interval.high)}`,
        formatNumber(before.get(feature) ?? null),
      ]),
    },
  ];
}

function importanceChange({ change, metric }: Explanation): Picture[] {
  const shown = change.flatMap(({ delta, ...input }) => (delta === null ? [] : [{ ...input, delta }])).slice(0, most);
  if (shown.length === 0) return [];
  const certain = shown.filter(({ delta: { interval } }) => interval !== null && interval.low * interval.high > 0);
  const gone = change.filter(({ head }) => head === null).map(({ feature }) => shortName(feature, 40));
  const fresh = change.filter(({ base }) => base === null).map(({ feature }) => shortName(feature, 40));
  const others = [
    ...(fresh.length === 0 ? [] : [`New in head: ${fresh.slice(0, 5).join(', ')}.`]),
    ...(gone.length === 0 ? [] : [`No longer there: ${gone.slice(0, 5).join(', ')}.`]),
  ];
  return [
    {
      id: 'importance-change',
      title: 'What it goes by more, and less, than base',
      hint: 'Right of the dotted line: head leans on it more than base does. An interval across the line may be chance.',
      summary: [
        certain.length === 0
          ? 'No input moved by more than chance.'
          : `Moved by more than chance: ${certain
              .slice(0, 4)
              .map(({ feature, delta }) => `${shortName(feature, 40)} ${formatChange(delta.value)}`)
              .join(', ')}.`,
        ...others,
      ].join(' '),
      spec: forestSpec(
        shown.map(({ feature, delta }) => ({
          label: shortName(feature, 40),
          value: delta.value,
          low: delta.interval?.low ?? null,
          high: delta.interval?.high ?? null,
        })),
        { title: `Change of importance (${metricTitle(metric.name)})`, reference: 0 },
      ),
      columns: [
        { title: 'Input' },
        { title: 'Base', align: 'right' },
        { title: 'Head', align: 'right' },
        { title: 'Change', align: 'right' },
        { title: 'Interval', align: 'right' },
      ],
      rows: shown.map(({ feature, base, head, delta }) => [
        shortName(feature),
        formatNumber(base),
        formatNumber(head),
        formatChange(delta.value),
        delta.interval === null ? '–' : `${formatChange(delta.interval.low)} to ${formatChange(delta.interval.high)}`,
      ]),
    },
  ];
}

/** A dot per explained row: where it stands says how far the input moved the answer, its colour how high the input was. */
function attributions({ head }: Explanation): Picture[] {
  const found = head.attributions;
  const [first] = found?.features ?? [];
  if (found === null || first === undefined) return [];
  const inputs = found.features.filter(({ output }) => output === first.output).slice(0, mostInputs);
  const values = inputs.flatMap(({ points }, row) => {
    const step = Math.max(1, Math.ceil(points.length / mostPoints));
    return points
      .filter((_, at) => at % step === 0)
      .map(({ place, shap }, at) => ({ row, shap, place: place ?? 0.5, jitter: ((at * 7) % 13) - 6 }));
  });
  if (values.length === 0) return [];
  return [
    {
      id: 'shap-values',
      title: 'What each input does to single answers',
      hint: `A dot is a row: right of 0 the input raised the answer, left it lowered it; blue where the input is low among all rows, orange where it is high. SHAP values, ${found.method === 'exact' ? 'over all coalitions' : `${formatCount(found.coalitions)} coalitions`}, ${formatCount(found.rows)} rows.`,
      summary: `Largest mean effect: ${inputs
        .slice(0, 3)
        .map(({ feature, meanAbsolute }) => `${shortName(feature, 40)} (${formatNumber(meanAbsolute)})`)
        .join(', ')}.`,
      spec: {
        $schema: chartSchema,
        width: 280,
        height: { step: 24 },
        config: chartConfig,
        data: { values },
        encoding: {
          y: {
            field: 'row',
            type: 'ordinal',
            title: null,
            scale: { domain: inputs.map((_, row) => row) },
            axis: {
              labelExpr: labelExpression(
                Object.fromEntries(inputs.map(({ feature }, row) => [row, shortName(feature, 40)])),
              ),
              labelLimit: 190,
              ticks: false,
              domain: false,
            },
          },
        },
        layer: [
          {
            data: { values: [{ zero: 0 }] },
            mark: { type: 'rule', color: chartColours.faint, strokeDash: [3, 3] },
            encoding: { x: { field: 'zero', type: 'quantitative' }, y: null },
          },
          {
            mark: { type: 'circle', size: 14, opacity: 0.75 },
            encoding: {
              x: { field: 'shap', type: 'quantitative', title: 'SHAP value', axis: { tickCount: 6 } },
              yOffset: { field: 'jitter', type: 'quantitative', scale: { domain: [-12, 12] } },
              color: {
                field: 'place',
                type: 'quantitative',
                legend: null,
                scale: { domain: [0, 0.5, 1], range: ['#3a7bd0', '#8f8a94', '#e07b16'] },
              },
            },
          },
        ],
      },
      columns: [{ title: 'Input' }, { title: 'Mean |SHAP|', align: 'right' }, { title: 'Interval', align: 'right' }],
      rows: inputs.map(({ feature, meanAbsolute, interval }) => [
        shortName(feature),
        formatNumber(meanAbsolute),
        interval === null ? '–' : `${formatNumber(interval.low)} to ${formatNumber(interval.high)}`,
      ]),
    },
  ];
}
