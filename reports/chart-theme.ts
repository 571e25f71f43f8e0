/** A Vega-Lite specification. */
export type ChartSpec = { [key: string]: unknown };

/** A picture as SVG text, with every text in it escaped. */
export type DrawChart = (spec: ChartSpec) => Promise<string>;

/** Stand-ins that a page replaces by its own colours, so that one picture is right in light and in dark. */
export const chartColours = {
  text: '#111111',
  axis: '#222222',
  grid: '#333333',
  /** Bars of a single series, and the head of a comparison. */
  bar: '#444444',
  base: '#555555',
  better: '#666666',
  worse: '#777777',
  faint: '#999999',
} as const;

/** What every picture has in common. Vega's own descriptions are left out: the frame around a picture describes it. */
export const chartConfig = {
  background: null,
  aria: false,
  font: 'system-ui, sans-serif',
  view: { stroke: null },
  axis: {
    labelColor: chartColours.text,
    titleColor: chartColours.text,
    titleFontWeight: 'normal',
    titleFontSize: 12,
    labelFontSize: 11,
    domainColor: chartColours.axis,
    tickColor: chartColours.axis,
    gridColor: chartColours.grid,
    labelSeparation: 4,
  },
  legend: {
    labelColor: chartColours.text,
    titleColor: chartColours.text,
    labelFontSize: 11,
    symbolStrokeWidth: 2,
    symbolSize: 60,
    orient: 'top',
    title: null,
    offset: 6,
  },
  header: { labelColor: chartColours.text, titleColor: chartColours.text, labelFontSize: 12 },
  text: { color: chartColours.text },
} as const;

export const chartSchema = 'https://vega.github.io/schema/vega-lite/v6.json';

/** Vega's expression for a label by its index; the names are JSON texts in it, and so are data and never code. */
export function labelExpression(names: Readonly<Record<string, string>>): string {
  return `(${JSON.stringify(names)})[datum.value] || ''`;
}

const light: Readonly<Record<keyof typeof chartColours, string>> = {
  text: '#1f2328',
  axis: '#c4ccd4',
  grid: '#e4e8ec',
  bar: '#0b63ce',
  base: '#8a6d3b',
  better: '#1a7f37',
  worse: '#cf222e',
  faint: '#9aa4ae',
};

/** A drawn picture that stands alone: with the colours of the light page, on white. */
export function standAlone(svg: string): string {
  const coloured = Object.entries(chartColours).reduce(
    (text, [name, stand]) => text.replaceAll(`"${stand}"`, `"${light[name as keyof typeof light]}"`),
    svg,
  );
  return coloured.replace(/^(<svg[^>]*>)/, '$1<rect width="100%" height="100%" fill="#ffffff"/>');
}
