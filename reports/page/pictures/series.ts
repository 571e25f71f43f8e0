import { chartColours } from '../../chart-theme.ts';

/** Tells head from base by colour and by dashes, so that a print without colours tells them too. */
export function seriesEncoding(hasBase: boolean): { color: object; strokeDash: object } {
  const legend = hasBase ? {} : null;
  return {
    color: {
      field: 'model',
      type: 'nominal',
      legend,
      scale: { domain: ['Head', 'Base'], range: [chartColours.bar, chartColours.base] },
    },
    strokeDash: {
      field: 'model',
      type: 'nominal',
      legend,
      scale: {
        domain: ['Head', 'Base'],
        range: [
          [1, 0],
          [5, 3],
        ],
      },
    },
  };
}

/** Colours of classes, in the middle between light and dark so that they show on both. */
export const classColours = [
  '#4c78a8',
  '#e07b16',
  '#54a24b',
  '#d6505a',
  '#9467bd',
  '#4fa7a2',
  '#a8861a',
  '#d67195',
  '#9d755d',
  '#7f8790',
];

/** The straight line of what means nothing, or perfection. */
export function diagonal(from: number, to: number): object {
  return {
    data: {
      values: [
        { x: from, y: from },
        { x: to, y: to },
      ],
    },
    mark: { type: 'line', color: chartColours.faint, strokeDash: [2, 3], strokeWidth: 1.2 },
    encoding: { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } },
  };
}

export const size = { width: 380, height: 260 };
