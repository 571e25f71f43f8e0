import type { Evaluation } from '../../../pipelines/contracts/evaluation.ts';
import { chartColours, chartConfig, chartSchema } from '../../chart-theme.ts';
import { formatNumber } from '../../format-number.ts';
import { formatShare } from '../../profile/format-value.ts';
import type { Picture } from '../picture.ts';
import type { Subject } from '../subject.ts';
import { seriesEncoding, size } from './series.ts';

/** How many times more positives than by chance stand among the rows with the highest scores. */
export function lift(subject: Subject): Picture[] {
  const head = pointsOf(subject.head);
  if (head.length === 0) return [];
  const base = pointsOf(subject.base);
  const rows = [
    ...head.map((point) => ({ model: 'Head', ...point })),
    ...base.map((point) => ({ model: 'Base', ...point })),
  ];
  const tenth = head.reduce((near, point) => (Math.abs(point.share - 0.1) < Math.abs(near.share - 0.1) ? point : near));
  return [
    {
      id: 'lift',
      title: 'Lift',
      hint: 'Rows are taken from the highest score down; at 1 (dotted) they are as good as drawn by lot.',
      summary: `The ${formatShare(tenth.share)} of rows with the highest scores hold ${formatShare(tenth.captured)} of all positives: ${tenth.lift.toFixed(2)} times as many as by lot.`,
      spec: {
        $schema: chartSchema,
        ...size,
        config: chartConfig,
        data: { values: rows },
        encoding: {
          x: {
            field: 'share',
            type: 'quantitative',
            title: 'Share of rows, highest scores first',
            scale: { domain: [0, 1] },
            axis: { tickCount: 5, format: '.0%' },
          },
          y: {
            field: 'lift',
            type: 'quantitative',
            title: 'Lift',
            scale: { zero: true, nice: true },
            axis: { tickCount: 5 },
          },
        },
        layer: [
          {
            data: { values: [{ y: 1 }] },
            mark: { type: 'rule', color: chartColours.faint, strokeDash: [2, 3], strokeWidth: 1.2 },
            encoding: { x: null, y: { field: 'y', type: 'quantitative' } },
          },
          { mark: { type: 'line', strokeWidth: 2 }, encoding: seriesEncoding(base.length > 0) },
        ],
      },
      columns: [
        { title: 'Model' },
        { title: 'Share of rows', align: 'right' },
        { title: 'Share of positives', align: 'right' },
        { title: 'Lift', align: 'right' },
      ],
      rows: rows.map(({ model, share, captured, lift: times }) => [
        model,
        formatShare(share),
        formatShare(captured),
        formatNumber(times),
      ]),
    },
  ];
}

/** Where nothing is taken there is no lift to speak of. */
function pointsOf(evaluation: Evaluation | null) {
  return (evaluation?.curves?.gain ?? []).filter(({ share }) => share > 0);
}
