import type { Curves, MetricName } from '../../../pipelines/contracts/evaluation.ts';
import { chartColours, chartConfig, chartSchema } from '../../chart-theme.ts';
import { formatNumber } from '../../format-number.ts';
import type { Picture } from '../picture.ts';
import { shortName } from '../short-name.ts';
import type { Subject } from '../subject.ts';
import { describeMetric } from './describe-metric.ts';
import { classColours, diagonal, seriesEncoding, size } from './series.ts';

type Point = { x: number; y: number; threshold: number | null };
type Curve = { class: string | null; points: readonly Point[] };

type Kind = {
  id: string;
  title: string;
  hint: string;
  x: string;
  y: string;
  metric: MetricName;
  curves(curves: Curves | undefined): readonly Curve[];
  /** Drawn under the curves: what a model that knows nothing gets. */
  ground(subject: Subject): readonly object[];
};

const kinds: readonly Kind[] = [
  {
    id: 'roc-curve',
    title: 'ROC curve',
    hint: 'The nearer to the upper left corner the better; the dotted diagonal is guessing.',
    x: 'False positive rate',
    y: 'True positive rate',
    metric: 'roc_auc',
    curves: (curves) =>
      (curves?.roc ?? []).map(({ class: of, points }) => ({
        class: of,
        points: points.map(({ falsePositiveRate, truePositiveRate, threshold }) => ({
          x: falsePositiveRate,
          y: truePositiveRate,
          threshold,
        })),
      })),
    ground: () => [diagonal(0, 1)],
  },
  {
    id: 'precision-recall-curve',
    title: 'Precision and recall',
    hint: 'The nearer to the upper right corner the better; the dotted line is guessing.',
    x: 'Recall',
    y: 'Precision',
    metric: 'pr_auc',
    curves: (curves) =>
      (curves?.precisionRecall ?? []).map(({ class: of, points }) => ({
        class: of,
        // Where nothing is called positive there is no precision; the point that stands for it would be a line of its own.
        points: points
          .filter(({ threshold }) => threshold !== null)
          .map(({ recall, precision, threshold }) => ({ x: recall, y: precision, threshold })),
      })),
    ground: ({ head }) => baseRate(head?.curves),
  },
];

/** ROC curve, and precision against recall: of head and base, or of every class of the head. */
export function thresholdCurves(subject: Subject): Picture[] {
  return kinds.flatMap((kind) => {
    const head = kind.curves(subject.head?.curves);
    if (head.length === 0) return [];
    const [only] = head;
    const single = head.length === 1 && only?.class === null;
    const base = single ? kind.curves(subject.base?.curves).slice(0, 1) : [];
    const named = single
      ? [...head.map((curve) => ({ name: 'Head', curve })), ...base.map((curve) => ({ name: 'Base', curve }))]
      : head.map((curve) => ({ name: shortName(curve.class ?? '', 24), curve }));
    const values = named.flatMap(({ name, curve }, series) =>
      curve.points.map(({ x, y }, order) => ({ model: name, series, order, x, y })),
    );
    const operating = single ? operatingPoint(only?.points ?? [], subject.head?.threshold ?? null) : null;
    return [
      {
        id: kind.id,
        title: kind.title,
        hint: kind.hint,
        summary: sentence(kind, subject, operating),
        spec: {
          $schema: chartSchema,
          ...size,
          config: chartConfig,
          data: { values },
          encoding: {
            x: { field: 'x', type: 'quantitative', title: kind.x, scale: { domain: [0, 1] }, axis: { tickCount: 5 } },
            y: { field: 'y', type: 'quantitative', title: kind.y, scale: { domain: [0, 1] }, axis: { tickCount: 5 } },
          },
          layer: [
            ...kind.ground(subject),
            {
              mark: { type: 'line', strokeWidth: 2, strokeJoin: 'round' },
              encoding: {
                order: { field: 'order', type: 'quantitative' },
                ...(single ? seriesEncoding(base.length > 0) : classEncoding(named.map(({ name }) => name))),
              },
            },
            ...(operating === null ? [] : [operatingMark(operating)]),
          ],
        },
        columns: [
          { title: single ? 'Model' : 'Class' },
          { title: kind.x, align: 'right' },
          { title: kind.y, align: 'right' },
          { title: 'From a score of', align: 'right' },
        ],
        rows: named.flatMap(({ name, curve }) =>
          curve.points.map(({ x, y, threshold }) => [name, formatNumber(x), formatNumber(y), formatNumber(threshold)]),
        ),
      },
    ];
  });
}

function sentence(kind: Kind, subject: Subject, operating: Point | null): string {
  const area = describeMetric(subject, kind.metric);
  const at =
    operating === null
      ? ''
      : ` At the threshold ${formatNumber(subject.head?.threshold ?? null)}: ${kind.y.toLowerCase()} ${formatNumber(operating.y)}, ${kind.x.toLowerCase()} ${formatNumber(operating.x)}.`;
  return `${area === '' ? `${kind.y} against ${kind.x.toLowerCase()}` : area}.${at}`;
}

/** The point of the curve whose threshold is nearest to the one that decides. */
function operatingPoint(points: readonly Point[], threshold: number | null): Point | null {
  if (threshold === null) return null;
  const distance = (point: Point) =>
    point.threshold === null ? Number.POSITIVE_INFINITY : Math.abs(point.threshold - threshold);
  return points.reduce<Point | null>(
    (nearest, point) => (nearest === null || distance(point) < distance(nearest) ? point : nearest),
    null,
  );
}

function operatingMark({ x, y }: Point): object {
  return {
    data: { values: [{ x, y }] },
    mark: { type: 'point', shape: 'circle', size: 90, filled: true, opacity: 1, color: chartColours.bar },
  };
}

function classEncoding(names: readonly string[]): object {
  return {
    color: { field: 'series', type: 'nominal', scale: classScale(names), legend: classLegend(names) },
  };
}

/** Classes are told by their place, because two names may look the same once they are cut. */
function classScale(names: readonly string[]): object {
  return { domain: names.map((_, at) => at), range: names.map((_, at) => classColours[at % classColours.length]) };
}

function classLegend(names: readonly string[]): object {
  const labels = JSON.stringify(Object.fromEntries(names.map((name, at) => [at, name])));
  return { labelExpr: `(${labels})[datum.value] || ''`, columns: 4 };
}

/** What precision is when everything is called positive: the lowest at which nothing is missed. */
function baseRate(curves: Curves | undefined): readonly object[] {
  const [only, ...others] = curves?.precisionRecall ?? [];
  const all = (only?.points ?? []).filter(({ recall }) => recall === 1).map(({ precision }) => precision);
  if (others.length > 0 || all.length === 0) return [];
  return [
    {
      data: { values: [{ y: Math.min(...all) }] },
      mark: { type: 'rule', color: chartColours.faint, strokeDash: [2, 3], strokeWidth: 1.2 },
      encoding: { x: null, y: { field: 'y', type: 'quantitative' } },
    },
  ];
}
