import { chartColours, chartConfig, chartSchema } from '../../chart-theme.ts';
import { formatCount, formatNumber } from '../../format-number.ts';
import { formatShare } from '../../profile/format-value.ts';
import type { Picture } from '../picture.ts';
import { shortName } from '../short-name.ts';
import type { Subject } from '../subject.ts';
import { classColours, size } from './series.ts';

/** How the scores lie, for every truth: a model that tells them apart has its hills apart. */
export function scoreHistogram({ head }: Subject): Picture[] {
  const scores = head?.curves?.scores;
  if (scores === undefined || scores.groups.length === 0) return [];
  const { edges, groups } = scores;
  const names = groups.map(({ group }) => shortName(group, 24));
  const values = groups.flatMap(({ counts }, series) => {
    const all = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count, bin) => ({
      series,
      from: edges[bin] ?? 0,
      to: edges[bin + 1] ?? 1,
      count,
      share: count / Math.max(1, all),
    }));
  });
  const labels = JSON.stringify(Object.fromEntries(names.map((name, at) => [at, name])));
  const parts = groups.map(({ counts }, at) => {
    const all = counts.reduce((sum, count) => sum + count, 0);
    return `${names[at]}: ${formatCount(all)} rows, half of them up to ${formatNumber(medianEdge(edges, counts))}`;
  });
  return [
    {
      id: 'scores',
      title: 'Scores by truth',
      hint: 'Share of the rows of each truth per interval of the score; the less the hills overlap the better.',
      summary: `${parts.join('; ')}.`,
      spec: {
        $schema: chartSchema,
        ...size,
        config: chartConfig,
        data: { values },
        mark: { type: 'bar', opacity: 0.5, binSpacing: 0 },
        encoding: {
          x: {
            field: 'from',
            type: 'quantitative',
            bin: 'binned',
            title: 'Score',
            axis: { tickCount: 5, grid: false },
          },
          x2: { field: 'to' },
          y: {
            field: 'share',
            type: 'quantitative',
            stack: null,
            title: 'Share of rows',
            axis: { tickCount: 4, format: '.0%' },
          },
          color: {
            field: 'series',
            type: 'nominal',
            scale: {
              domain: names.map((_, at) => at),
              range: names.map((_, at) => classColours[at % classColours.length]),
            },
            legend: { labelExpr: `(${labels})[datum.value] || ''`, columns: 4 },
          },
        },
      },
      columns: [
        { title: 'Truth' },
        { title: 'Score from', align: 'right' },
        { title: 'to', align: 'right' },
        { title: 'Rows', align: 'right' },
        { title: 'Share', align: 'right' },
      ],
      rows: values.map(({ series, from, to, count, share }) => [
        names[series] ?? '',
        formatNumber(from),
        formatNumber(to),
        formatCount(count),
        formatShare(share),
      ]),
    },
  ];
}

/** By how much predictions miss, and to which side. */
export function residualHistogram({ head }: Subject): Picture[] {
  const residuals = head?.curves?.residuals;
  if (residuals === undefined) return [];
  const { edges, counts } = residuals;
  const values = counts.map((count, bin) => ({ from: edges[bin] ?? 0, to: edges[bin + 1] ?? 0, count }));
  const all = counts.reduce((sum, count) => sum + count, 0);
  const over = values.filter(({ from }) => from >= 0).reduce((sum, { count }) => sum + count, 0);
  return [
    {
      id: 'residuals',
      title: 'Residuals',
      hint: 'Prediction minus truth: narrow and around 0 is good; the outer bars hold all that lies beyond.',
      summary: `${formatCount(all)} residuals; half of them up to ${formatNumber(medianEdge(edges, counts))}; ${formatShare(over / Math.max(1, all))} in bars at or above 0.`,
      spec: {
        $schema: chartSchema,
        ...size,
        config: chartConfig,
        data: { values },
        encoding: {},
        layer: [
          {
            mark: { type: 'bar', color: chartColours.bar, binSpacing: 1 },
            encoding: {
              x: {
                field: 'from',
                type: 'quantitative',
                bin: 'binned',
                title: 'Prediction minus truth',
                axis: { tickCount: 6, grid: false },
              },
              x2: { field: 'to' },
              y: { field: 'count', type: 'quantitative', title: 'Rows', axis: { tickCount: 4, format: '~s' } },
            },
          },
          {
            data: { values: [{ zero: 0 }] },
            mark: { type: 'rule', color: chartColours.text, strokeDash: [2, 3] },
            encoding: { x: { field: 'zero', type: 'quantitative' } },
          },
        ],
      },
      columns: [{ title: 'Residual from' }, { title: 'to', align: 'right' }, { title: 'Rows', align: 'right' }],
      rows: values.map(({ from, to, count }) => [formatNumber(from), formatNumber(to), formatCount(count)]),
    },
  ];
}

/** Upper edge of the bin in which the middle of all rows lies. */
function medianEdge(edges: readonly number[], counts: readonly number[]): number {
  const half = counts.reduce((sum, count) => sum + count, 0) / 2;
  let passed = 0;
  const bin = counts.findIndex((count) => {
    passed += count;
    return passed >= half;
  });
  return edges[bin + 1] ?? 0;
}
