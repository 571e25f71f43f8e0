import { type ChartSpec, chartColours, chartConfig, chartSchema, labelExpression } from '../../chart-theme.ts';
import { plainLine } from '../../escape-markdown.ts';

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
  /** Interval of the axis; by the values when left out. */
  domain?: readonly [number, number];
};

const height = 20;
/** Pixels of labels and plot together: what a card of the page shows without shrinking it. */
const whole = 440;

/** A mark and its interval per row, one below the other; the eye finds what does not touch the line. */
export function forestSpec(rows: readonly ForestRow[], { title, reference, domain }: Options): ChartSpec {
  // Vega leaves room for whole labels, whatever it shows of them.
  const labels = rows.map(({ label }) => plainLine(label, 42));
  const room = roomFor(labels);
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
      labelExpr: labelExpression(Object.fromEntries(labels.map((label, row) => [row, label]))),
      labelLimit: 0,
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
    width: whole - room,
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

/** Long names get more of the picture, the plot never less than a third. */
function roomFor(labels: readonly string[]): number {
  const longest = Math.max(0, ...labels.map((label) => label.length));
  return Math.round(Math.min(whole * 0.62, Math.max(60, longest * 6.6 + 10)));
}
