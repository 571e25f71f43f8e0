import type { ColumnKind } from '../../pipelines/contracts/data-profile.ts';
import type { Bar, Correlation, ValueCount } from '../../pipelines/contracts/profile-summary.ts';
import { type ChartSpec, chartColours, chartSchema, chartConfig as config, labelExpression } from '../chart-theme.ts';
import { plainLine } from '../escape-markdown.ts';
import { formatValue } from './format-value.ts';

const width = 320;

/** How many values lie in which part of the range of a number or time. */
export function histogramSpec(bars: readonly Bar[], kind: ColumnKind): ChartSpec {
  const values = bars.map(({ from, to, count }, index) => ({ index, end: index + 1, from, to, count }));
  const ticks = values.filter(({ index }) => index % Math.ceil(values.length / 4) === 0).map(({ index }) => index);
  const names = Object.fromEntries(values.map(({ index, from }) => [index, formatValue(from, kind)]));
  const last = values.at(-1);
  const shown = [...ticks.filter((tick) => last === undefined || tick < values.length * 0.85), values.length];
  return {
    $schema: chartSchema,
    width,
    height: 90,
    config,
    data: { values },
    mark: { type: 'bar', color: chartColours.bar, binSpacing: 1 },
    encoding: {
      x: {
        field: 'index',
        type: 'quantitative',
        bin: 'binned',
        title: null,
        scale: { domain: [0, values.length], nice: false },
        axis: {
          values: shown,
          grid: false,
          labelExpr: labelExpression({
            ...names,
            [values.length]: last === undefined ? '' : formatValue(last.to, kind),
          }),
        },
      },
      x2: { field: 'end' },
      y: { field: 'count', type: 'quantitative', title: null, axis: { tickCount: 3, format: '~s' } },
    },
  };
}

/** How often the most frequent values occur. */
export function valuesSpec(values: readonly ValueCount[]): ChartSpec {
  const rows = values.map(({ value, count }, index) => ({ index, name: plainLine(value, 28) || '(empty)', count }));
  return {
    $schema: chartSchema,
    width: width - 100,
    height: { step: 16 },
    config,
    data: { values: rows },
    mark: { type: 'bar', color: chartColours.bar },
    encoding: {
      y: {
        field: 'index',
        type: 'ordinal',
        title: null,
        axis: {
          labelExpr: labelExpression(Object.fromEntries(rows.map(({ index, name }) => [index, name]))),
          labelLimit: 160,
          ticks: false,
          domain: false,
        },
      },
      x: { field: 'count', type: 'quantitative', title: null, axis: { tickCount: 3, format: '~s', grid: true } },
    },
  };
}

/** Every pair of columns, coloured by how they move together. */
export function correlationSpec(columns: readonly string[], pairs: readonly Correlation[]): ChartSpec {
  const cells = pairs.flatMap(({ columns: [one, other], r }) => {
    const [x, y] = [columns.indexOf(one), columns.indexOf(other)];
    return [
      { x, y, r, text: r.toFixed(2) },
      { x: y, y: x, r, text: r.toFixed(2) },
    ];
  });
  const labels = labelExpression(Object.fromEntries(columns.map((name, index) => [index, plainLine(name, 24)])));
  const axis = { labelExpr: labels, labelLimit: 160, ticks: false, domain: false };
  const domain = columns.map((_, index) => index);
  return {
    $schema: chartSchema,
    width: { step: 38 },
    height: { step: 24 },
    config,
    data: { values: cells },
    encoding: {
      x: { field: 'x', type: 'ordinal', title: null, scale: { domain }, axis: { ...axis, labelAngle: -40 } },
      y: { field: 'y', type: 'ordinal', title: null, scale: { domain }, axis },
    },
    layer: [
      {
        mark: { type: 'rect', cornerRadius: 2 },
        encoding: {
          color: {
            field: 'r',
            type: 'quantitative',
            legend: null,
            scale: { domain: [-1, 0, 1], range: ['#d0603a', '#8888880f', '#3a7bd0'] },
          },
        },
      },
      {
        mark: { type: 'text', fontSize: 10, color: chartColours.text },
        encoding: { text: { field: 'text', type: 'nominal' } },
      },
    ],
  };
}
