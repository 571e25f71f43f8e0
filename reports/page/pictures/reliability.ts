import type { Evaluation } from '../../../pipelines/contracts/evaluation.ts';
import { chartColours, chartConfig, chartSchema } from '../../chart-theme.ts';
import { formatCount, formatNumber } from '../../format-number.ts';
import type { Picture } from '../picture.ts';
import type { Subject } from '../subject.ts';
import { describeMetric } from './describe-metric.ts';
import { diagonal, seriesEncoding, size } from './series.ts';

/** Rows of a bin that tell more than chance: the line is drawn through those, and dots stand for all. */
const enough = 30;

/** What was predicted against what came to be, in bins; the intervals are those of the head. */
export function reliability(subject: Subject): Picture[] {
  const head = binsOf(subject.head);
  if (head.length === 0) return [];
  const base = binsOf(subject.base);
  const rows = [
    ...head.map((bin) => ({ model: 'Head', ...bin })),
    ...base.map((bin) => ({ model: 'Base', ...bin })),
  ].map(({ model, predicted, observed, low, high, n }) => ({ model, predicted, observed, low, high, n }));
  const ends = [
    ...rows.flatMap(({ predicted, observed }) => [predicted, observed]),
    ...head.flatMap(({ low, high }) => [low, high]),
  ];
  const isShare = subject.head?.task !== 'regression';
  const [from, to] = isShare ? [0, 1] : [Math.min(...ends), Math.max(...ends)];
  const scale = { domain: [from, to], nice: !isShare };
  const ece = describeMetric(subject, 'ece');
  const [first, ...others] = head.some(({ n }) => n >= enough) ? head.filter(({ n }) => n >= enough) : head;
  const furthest = others.reduce(
    (most, bin) => (most !== undefined && distance(bin) > distance(most) ? bin : most),
    first,
  );
  return [
    {
      id: 'reliability',
      title: isShare ? 'Calibration' : 'Predicted against observed',
      hint: 'On the dotted line what is predicted is what happens; above it more happens than was predicted. Bars are 95 % intervals of the head; dots grow with the rows of their interval, and the line leaves out those of fewer than 30.',
      summary: `${ece === '' ? '' : `${ece}. `}${furthest === undefined ? '' : `Furthest from the line: where ${formatNumber(furthest.predicted)} is predicted, ${formatNumber(furthest.observed)} is observed (${formatCount(furthest.n)} rows).`}`,
      spec: {
        $schema: chartSchema,
        ...size,
        config: chartConfig,
        data: { values: rows },
        encoding: {
          x: { field: 'predicted', type: 'quantitative', title: 'Predicted', scale, axis: { tickCount: 5 } },
          y: { field: 'observed', type: 'quantitative', title: 'Observed', scale, axis: { tickCount: 5 } },
        },
        layer: [
          diagonal(from ?? 0, to ?? 1),
          {
            transform: [{ filter: "datum.model === 'Head'" }],
            mark: { type: 'rule', color: chartColours.bar, strokeWidth: 1.5, opacity: 0.6 },
            encoding: { y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } },
          },
          {
            transform: [{ filter: `datum.n >= ${enough}` }],
            mark: { type: 'line', strokeWidth: 2 },
            encoding: seriesEncoding(base.length > 0),
          },
          {
            mark: { type: 'point', filled: true, opacity: 0.9 },
            encoding: {
              color: seriesEncoding(base.length > 0).color,
              size: {
                field: 'n',
                type: 'quantitative',
                legend: null,
                scale: { type: 'sqrt', domainMin: 0, range: [8, 90] },
              },
            },
          },
        ],
      },
      columns: [
        { title: 'Model' },
        { title: 'Predicted', align: 'right' },
        { title: 'Observed', align: 'right' },
        { title: '95 % interval', align: 'right' },
        { title: 'Rows', align: 'right' },
      ],
      rows: rows.map(({ model, predicted, observed, low, high, n }) => [
        model,
        formatNumber(predicted),
        formatNumber(observed),
        `${formatNumber(low)} to ${formatNumber(high)}`,
        formatCount(n),
      ]),
    },
  ];
}

function binsOf(evaluation: Evaluation | null) {
  return evaluation?.curves?.reliability?.bins ?? [];
}

function distance({ predicted, observed }: { predicted: number; observed: number }): number {
  return Math.abs(predicted - observed);
}
