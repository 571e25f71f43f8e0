import type { TrainingProgress } from '../../pipelines/contracts/run-record.ts';

/** Metrics of one stage that are drawn, and points of one curve. */
const mostMetrics = 6;
const mostPoints = 40;
const bars = '▁▂▃▄▅▆▇█';

type Curve = { name: string; at: number[]; values: number[] };

/**
 * The reports of a stage as a table with small curves, and the losses as a Mermaid chart, which GitHub draws itself. Names
 * are the training program's own, so only letters, digits and a few signs of them are shown.
 */
export function drawProgress(stage: string, { points, stopped }: TrainingProgress): string[] {
  const curves = curvesOf(points);
  if (curves.length === 0) return [];
  const rows = curves.map(({ name, values }) => {
    const [first, last] = [values[0] ?? 0, values.at(-1) ?? 0];
    return `| ${name} | ${number(first)} | ${number(Math.min(...values))} | ${number(Math.max(...values))} | ${number(last)} | ${sparkline(values)} |`;
  });
  const losses = curves.filter(({ name }) => /loss|error/i.test(name)).slice(0, 3);
  return [
    '',
    `#### Progress of ${plain(stage)}`,
    ...(stopped === null ? [] : ['', `Stopped by rule (${stopped.rule}): ${plain(stopped.message)}`]),
    '',
    '| reported | first | least | largest | last | |',
    '| --- | ---: | ---: | ---: | ---: | --- |',
    ...rows,
    ...(losses.length === 0 ? [] : drawChart(losses)),
  ];
}

function drawChart(curves: readonly Curve[]): string[] {
  const longest = curves.reduce((left, right) => (right.at.length > left.at.length ? right : left));
  const least = Math.min(...curves.flatMap(({ values }) => values));
  const largest = Math.max(...curves.flatMap(({ values }) => values));
  const from = longest.at[0] ?? 0;
  const to = longest.at.at(-1) ?? 0;
  if (longest.at.length < 2 || least === largest || from === to) return [];
  return [
    '',
    '```mermaid',
    'xychart-beta',
    `  title "${curves.map(({ name }) => name).join(', ')}"`,
    `  x-axis "reported at" ${number(from)} --> ${number(to)}`,
    `  y-axis "value" ${number(least)} --> ${number(largest)}`,
    ...curves.map(({ values }) => `  line [${thin(values).map(number).join(', ')}]`),
    '```',
  ];
}

/** Each metric with the finite values it has had. */
function curvesOf(points: TrainingProgress['points']): Curve[] {
  const curves = new Map<string, Curve>();
  for (const { at, metrics } of points) {
    for (const [given, value] of Object.entries(metrics)) {
      const name = plain(given);
      if (value === null || name === '') continue;
      const curve = curves.get(name) ?? { name, at: [], values: [] };
      curve.at.push(at);
      curve.values.push(value);
      curves.set(name, curve);
    }
  }
  return [...curves.values()].slice(0, mostMetrics);
}

function sparkline(values: readonly number[]): string {
  const shown = thin(values);
  const least = Math.min(...shown);
  const range = Math.max(...shown) - least;
  return shown
    .map((value) => bars[range === 0 ? 0 : Math.round(((value - least) / range) * (bars.length - 1))])
    .join('');
}

/** Evenly spread, with the first and the last. */
function thin(values: readonly number[]): number[] {
  if (values.length <= mostPoints) return [...values];
  return Array.from(
    { length: mostPoints },
    (_, index) => values[Math.round((index * (values.length - 1)) / (mostPoints - 1))] ?? 0,
  );
}

function number(value: number): string {
  return String(Number(value.toPrecision(5)));
}

function plain(text: string): string {
  return text
    .replace(/[^\p{L}\p{N} ./:@,()-]/gu, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll('@', '@\u200b')
    .trim()
    .slice(0, 200);
}
