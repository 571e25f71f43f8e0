import { type ChartSpec, chartColours, chartConfig, chartSchema, labelExpression } from '../../chart-theme.ts';

export type ForestRow = {
  label: string;
  value: number;
  low: number | null;
  high: number | null;
  /** The same of the base, as a hollow mark. */
  base?: number | null;
  effect?: 'better' | 'worse' | null;
};

type Options = {
  title: string;
  /** Where nothing differs, or what all rows together have; a dotted line. */
  reference: number | null;
  width?: number;
  /** Interval of the axis; by the values when left out. */
  domain?: readonly [number, number];
};

const height = 20;

/** A mark and its interval per row, one below the other; the eye finds what does not touch the line. */
export function forestSpec(rows: readonly ForestRow[], { title, reference, width = 280, domain }: Options): ChartSpec {
  const values = rows.map(({ value, low, high, base = null, effect = null }, row) => ({
    row,
    value,
    low: low ?? value,
    high: high ?? value,
    base,
    effect: effect ?? 'none',
  }));
  const hasBase = values.some(({ base }) => base !== null);
  const y = {
    field: 'row',
    type: 'ordinal',
    title: null,
    scale: { domain: values.map(({ row }) => row) },
    axis: {
      labelExpr: labelExpression(Object.fromEntries(rows.map(({ label }, row) => [row, label]))),
      labelLimit: 190,
      ticks: false,
      domain: false,
      grid: false,
    },
  };
  const colour = {
    field: 'effect',
    type: 'nominal',
    legend: null,
    scale: {
      domain: ['better', 'worse', 'none'],
      range: [chartColours.better, chartColours.worse, chartColours.bar],
    },
  };
  const scale = domain === undefined ? { zero: false, nice: false, padding: 10 } : { domain };
  return {
    $schema: chartSchema,
    width,
    height: { step: height },
    config: chartConfig,
    data: { values },
    encoding: { y },
    layer: [
      ...(reference === null
        ? []
        : [
            {
              data: { values: [{ reference }] },
              mark: { type: 'rule', color: chartColours.faint, strokeDash: [3, 3], strokeWidth: 1.5 },
              encoding: { x: { field: 'reference', type: 'quantitative' }, y: null },
            },
          ]),
      {
        mark: { type: 'rule', strokeWidth: 2, opacity: 0.75 },
        encoding: {
          x: { field: 'low', type: 'quantitative', title, scale, axis: { tickCount: 6 } },
          x2: { field: 'high' },
          color: colour,
        },
      },
      ...(hasBase
        ? [
            {
              transform: [{ filter: 'datum.base !== null' }],
              mark: { type: 'point', shape: 'diamond', size: 55, color: chartColours.base, strokeWidth: 1.6 },
              encoding: { x: { field: 'base', type: 'quantitative' } },
            },
          ]
        : []),
      {
        mark: { type: 'point', filled: true, size: 60, opacity: 1 },
        encoding: { x: { field: 'value', type: 'quantitative' }, color: colour },
      },
    ],
  };
}
