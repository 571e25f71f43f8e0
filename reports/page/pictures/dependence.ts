import type { Dependence } from '../../../pipelines/contracts/explanation.ts';
import { chartColours, chartConfig, chartSchema, labelExpression } from '../../chart-theme.ts';
import { formatNumber } from '../../format-number.ts';
import type { Picture } from '../picture.ts';
import { shortName } from '../short-name.ts';
import type { Explained } from '../subject.ts';
import { seriesEncoding } from './series.ts';

const most = 6;
/** Rows that are drawn one by one behind their mean. */
const mostLines = 25;

/** How the answer moves along each of the most important inputs. */
export function dependencePictures({ head }: Explained): Picture[] {
  const explanation = head?.explanation;
  if (explanation === undefined) return [];
  return explanation.head.dependence
    .slice(0, most)
    .filter(({ points }) => points.length > 1)
    .map((dependence, at) => {
      const before = explanation.base?.dependence.find(
        ({ feature, output }) => feature === dependence.feature && output === dependence.output,
      );
      return picture(dependence, before, at);
    });
}

function picture(dependence: Dependence, before: Dependence | undefined, at: number): Picture {
  const { feature, points, output, local = [] } = dependence;
  const name = shortName(feature, 40);
  const means = points.map(({ mean }) => mean);
  const [lowest, highest] = [Math.min(...means), Math.max(...means)];
  const where = (mean: number) => {
    const point = points.find((one) => one.mean === mean);
    return point === undefined ? '' : atText(point.at);
  };
  return {
    id: `dependence-${at + 1}`,
    title: `Answer along ${name}`,
    hint: `Mean ${output === 'score' ? 'answer' : `answer for ${shortName(output, 30)}`} when the input has this value in every row (partial dependence)${dependence.lines === undefined ? '' : '; thin lines are single rows'}${local.length === 0 ? '' : '; dotted: accumulated local effects, which leave inputs that move together as they are'}.`,
    summary: `From ${formatNumber(lowest)} (at ${where(lowest)}) to ${formatNumber(highest)} (at ${where(highest)}).`,
    spec: points.every((point) => typeof point.at === 'number')
      ? lineSpec(dependence, before, name)
      : valuesSpec(dependence, name),
    columns: [
      { title: name },
      { title: 'Mean answer', align: 'right' },
      { title: 'Interval', align: 'right' },
      { title: 'Base', align: 'right' },
    ],
    rows: points.map((point) => [
      atText(point.at),
      formatNumber(point.mean),
      point.interval === null ? '–' : `${formatNumber(point.interval.low)} to ${formatNumber(point.interval.high)}`,
      formatNumber(before?.points.find((one) => one.at === point.at)?.mean ?? null),
    ]),
  };
}

function lineSpec({ points, lines = [], local = [] }: Dependence, before: Dependence | undefined, name: string) {
  const own = points.map(({ at, mean, interval }) => ({
    model: 'Head',
    at,
    mean,
    low: interval?.low ?? mean,
    high: interval?.high ?? mean,
  }));
  const others = (before?.points ?? [])
    .filter(({ at }) => typeof at === 'number')
    .map(({ at, mean }) => ({ model: 'Base', at, mean, low: mean, high: mean }));
  const single = lines
    .slice(0, mostLines)
    .flatMap((answers, line) => answers.map((mean, index) => ({ line, at: points[index]?.at ?? 0, mean })));
  // Effects are around 0; shown around the middle of the answers, and no further out than these go.
  const middle = points.reduce((sum, { mean }) => sum + mean, 0) / points.length;
  const [first = 0, last = 0] = [own[0]?.at, own.at(-1)?.at].map(Number);
  const effects = local
    .filter(({ at }) => at >= first && at <= last)
    .map(({ at, effect }) => ({ at, mean: middle + effect }));
  const x = { field: 'at', type: 'quantitative', title: name, scale: { zero: false, nice: false } };
  const y = { field: 'mean', type: 'quantitative', title: 'Mean answer', scale: { zero: false } };
  return {
    $schema: chartSchema,
    width: 300,
    height: 170,
    config: chartConfig,
    data: { values: [...own, ...others] },
    encoding: { x: { ...x, axis: { tickCount: 5, grid: false } }, y: { ...y, axis: { tickCount: 4 } } },
    layer: [
      {
        data: { values: single },
        mark: { type: 'line', color: chartColours.faint, strokeWidth: 0.7, opacity: 0.5 },
        encoding: { detail: { field: 'line', type: 'nominal' } },
      },
      {
        transform: [{ filter: "datum.model === 'Head'" }],
        mark: { type: 'area', color: chartColours.bar, opacity: 0.15 },
        encoding: { y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } },
      },
      {
        data: { values: effects },
        mark: { type: 'line', color: chartColours.text, strokeWidth: 1.5, strokeDash: [1, 3] },
      },
      { mark: { type: 'line', strokeWidth: 2 }, encoding: seriesEncoding(others.length > 0) },
    ],
  };
}

function valuesSpec({ points }: Dependence, name: string) {
  const values = points.map(({ mean, interval }, row) => ({
    row,
    mean,
    low: interval?.low ?? mean,
    high: interval?.high ?? mean,
  }));
  return {
    $schema: chartSchema,
    width: 300,
    height: { step: 20 },
    config: chartConfig,
    data: { values },
    encoding: {
      y: {
        field: 'row',
        type: 'ordinal',
        title: name,
        axis: {
          labelExpr: labelExpression(Object.fromEntries(points.map(({ at }, row) => [row, atText(at)]))),
          labelLimit: 160,
          ticks: false,
          domain: false,
        },
      },
    },
    layer: [
      {
        mark: { type: 'rule', color: chartColours.bar, strokeWidth: 2, opacity: 0.75 },
        encoding: {
          x: { field: 'low', type: 'quantitative', title: 'Mean answer', scale: { zero: false } },
          x2: { field: 'high' },
        },
      },
      {
        mark: { type: 'point', filled: true, size: 60, color: chartColours.bar },
        encoding: { x: { field: 'mean', type: 'quantitative' } },
      },
    ],
  };
}

function atText(at: number | string): string {
  return typeof at === 'number' ? String(Number(at.toPrecision(5))) : shortName(at, 30);
}
