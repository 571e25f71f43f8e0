import { type Curves, curvesSchema } from '../contracts/evaluation.ts';
import { differences } from '../statistics/moments.ts';
import { quantile } from '../statistics/quantile.ts';
import { gainPoints, precisionRecallPoints, rocPoints, scoreSteps } from './curve-points.ts';
import type { BinaryRows, JudgedRows, MulticlassRows, MultilabelRows, RegressionRows } from './judged-rows.ts';
import { highestScores, rightDecisions } from './measure-multiclass.ts';
import { numberBins, probabilityBins } from './reliability-bins.ts';

/** Classes that get curves of their own. */
const mostCurves = 10;
/** Classes that the confusion matrix tells apart. */
const mostClasses = 50;
const histogramBins = 40;

/** What charts are drawn from. `classes` are the names of the negative and the positive class of a binary model. */
export function makeCurves(rows: JudgedRows, classes: readonly string[] = ['0', '1']): Curves {
  return shortened(curvesOfTask(rows, classes));
}

function curvesOfTask(rows: JudgedRows, classes: readonly string[]): Curves {
  switch (rows.task) {
    case 'binary':
      return binaryCurves(rows, classes);
    case 'multiclass':
      return multiclassCurves(rows);
    case 'multilabel':
      return multilabelCurves(rows);
    case 'regression':
      return regressionCurves(rows);
    case 'ranking':
      return {};
  }
}

function binaryCurves(rows: BinaryRows, classes: readonly string[]): Curves {
  const { labels, scores, kind, decisions } = rows;
  const confusion = decisions === null ? {} : { confusion: confusionOf(labels, decisions, classes) };
  if (kind === 'none') return confusion;
  const steps = scoreSteps(labels, scores, rows.order());
  return {
    roc: [{ class: null, points: rocPoints(steps) }],
    precisionRecall: [{ class: null, points: precisionRecallPoints(steps) }],
    gain: gainPoints(steps),
    ...(kind === 'probabilities'
      ? { reliability: { of: ofProbabilities, bins: probabilityBins(labels, scores) } }
      : {}),
    ...confusion,
    scores: histogramBy(scores, labels, classes, kind === 'probabilities'),
  };
}

const ofProbabilities = 'mean score against share of positives, in 15 equal-width bins';

function multiclassCurves(rows: MulticlassRows): Curves {
  const { labels, scores, classes, kind } = rows;
  const confusion = confusionOf(labels, rows.decisions, classes);
  if (kind === 'none') return { confusion };
  const right = rightDecisions(rows);
  const highest = highestScores(rows);
  return {
    ...curvesOf(rows, (index) => labels.map((label) => Number(label === index))),
    ...(kind === 'probabilities'
      ? {
          reliability: {
            of: 'score of the decided class against share of right decisions, in 15 equal-width bins',
            bins: probabilityBins(right, highest),
          },
        }
      : {}),
    confusion,
    ...(scores.length === 0
      ? {}
      : { scores: histogramBy(highest, right, ['wrong', 'right'], kind === 'probabilities') }),
  };
}

function multilabelCurves(rows: MultilabelRows): Curves {
  if (rows.kind === 'none') return {};
  return curvesOf(rows, (index) => rows.labels[index] ?? new Float64Array());
}

/** Curves of the largest classes against all others, each of 60 points about. */
function curvesOf(rows: MulticlassRows | MultilabelRows, truthOf: (index: number) => Float64Array): Curves {
  const orders = rows.orders();
  const sizes = rows.classes.map((_, index) => truthOf(index).reduce((sum, label) => sum + label, 0));
  const largest = [...sizes.keys()]
    .sort((left, right) => (sizes[right] ?? 0) - (sizes[left] ?? 0))
    .slice(0, mostCurves)
    .sort((left, right) => left - right);
  const steps = largest.map((index) => ({
    class: rows.classes[index] ?? '',
    steps: scoreSteps(truthOf(index), rows.scores[index] ?? new Float64Array(), orders[index] ?? new Uint32Array()),
  }));
  return {
    roc: steps.map((one) => ({ class: one.class, points: rocPoints(one.steps) })),
    precisionRecall: steps.map((one) => ({ class: one.class, points: precisionRecallPoints(one.steps) })),
  };
}

function regressionCurves({ labels, scores }: RegressionRows): Curves {
  return {
    reliability: {
      of: 'mean prediction against mean truth, in bins of about as many rows',
      bins: numberBins(labels, scores),
    },
    residuals: residualHistogram(differences(scores, labels)),
  };
}

/** Rows by truth and decision; beyond 50 classes the smallest ones are counted together. */
function confusionOf(
  labels: Float64Array,
  decisions: Float64Array,
  classes: readonly string[],
): NonNullable<Curves['confusion']> {
  const kept = classes.length <= mostClasses ? [...classes.keys()] : largestClasses(labels, classes.length);
  const places = Float64Array.from(classes, (_, index) => (kept.includes(index) ? kept.indexOf(index) : kept.length));
  const names = kept.map((index) => classes[index] ?? '');
  if (kept.length < classes.length) names.push('(all others)');
  const width = names.length;
  const cells = new Float64Array(width * width);
  for (let row = 0; row < labels.length; row += 1) {
    const cell = (places[labels[row] ?? 0] ?? 0) * width + (places[decisions[row] ?? 0] ?? 0);
    cells[cell] = (cells[cell] ?? 0) + 1;
  }
  return { classes: names, counts: names.map((_, truth) => [...cells.slice(truth * width, (truth + 1) * width)]) };
}

function largestClasses(labels: Float64Array, count: number): number[] {
  const sizes = new Float64Array(count);
  for (let row = 0; row < labels.length; row += 1) sizes[labels[row] ?? 0] = (sizes[labels[row] ?? 0] ?? 0) + 1;
  return [...sizes.keys()]
    .sort((left, right) => (sizes[right] ?? 0) - (sizes[left] ?? 0))
    .slice(0, mostClasses)
    .sort((left, right) => left - right);
}

function histogramBy(
  scores: Float64Array,
  codes: Float64Array,
  names: readonly string[],
  probabilities: boolean,
): NonNullable<Curves['scores']> {
  const edges = probabilities ? evenEdges(0, 1) : edgesOf(scores);
  const bins = edges.length - 1;
  const place = binFinder(edges);
  const cells = new Float64Array(names.length * bins);
  for (let row = 0; row < scores.length; row += 1) {
    const cell = (codes[row] ?? 0) * bins + place(scores[row] ?? 0);
    cells[cell] = (cells[cell] ?? 0) + 1;
  }
  const groups = names.map((group, at) => ({ group, counts: [...cells.slice(at * bins, (at + 1) * bins)] }));
  return { edges, groups };
}

/** Between the 0.5th and the 99.5th percentile, with all beyond in the outer bins. */
function residualHistogram(residuals: Float64Array): NonNullable<Curves['residuals']> {
  const sorted = residuals.toSorted();
  const edges = widened(quantile(sorted, 0.005), quantile(sorted, 0.995));
  const place = binFinder(edges);
  const counts = new Float64Array(edges.length - 1);
  for (let row = 0; row < residuals.length; row += 1) {
    const bin = place(residuals[row] ?? 0);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { edges, counts: [...counts] };
}

function edgesOf(values: Float64Array): number[] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return widened(low, high);
}

/** One value alone gets a bin of some width around it. */
function widened(low: number, high: number): number[] {
  if (high > low && Number.isFinite(high - low)) return evenEdges(low, high);
  const reach = Math.max(0.5, Math.abs(low) / 100);
  return Number.isFinite(low) ? evenEdges(low - reach, low + reach) : [0, 1];
}

function evenEdges(low: number, high: number): number[] {
  return Array.from({ length: histogramBins + 1 }, (_, at) => low + ((high - low) * at) / histogramBins);
}

/** The bin of a value, the outer ones for all that lies beyond. */
function binFinder(edges: readonly number[]): (value: number) => number {
  const [low = 0, high = 1] = [edges[0], edges.at(-1)];
  const last = edges.length - 2;
  const scale = (last + 1) / (high - low);
  return (value) => Math.max(0, Math.min(last, Math.floor((value - low) * scale)));
}

/** Six digits are more than a picture shows, and a third of the text. */
function shortened(curves: Curves): Curves {
  const short = (value: unknown): unknown => {
    if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(6));
    if (Array.isArray(value)) return value.map(short);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, own]) => [name, short(own)]));
  };
  return curvesSchema.parse(short(curves));
}
