import type { MetricName } from '../contracts/evaluation.ts';
import { aucInfluence } from '../statistics/auc-influence.ts';
import { averagePrecision, type Linearised } from '../statistics/average-precision.ts';
import {
  averagedRate,
  averageRate,
  averagingOf,
  type ClassCounts,
  kappaOfClasses,
  matthewsOfClasses,
  meanRecall,
  oneAgainstRest,
} from '../statistics/class-counts.ts';
import { classLogLosses, classSquaredErrors } from '../statistics/row-losses.ts';
import { averageLinearised } from './average-linearised.ts';
import { type Estimate, fromInfluence, fromLosses, fromShare, undefinedEstimate } from './estimate.ts';
import type { MulticlassRows } from './judged-rows.ts';
import { measureCalibration } from './measure-calibration.ts';
import { splitMetric } from './metric-catalogue.ts';
import { noProbabilities } from './no-probabilities.ts';
import type { Decisions, OfDecisions } from './of-decisions.ts';

const unit = { low: 0, high: 1 };

/** One metric of a model of several classes; what comes from the confusion matrix is left to be drawn from its counts. */
export function measureMulticlass(
  name: MetricName,
  rows: MulticlassRows,
  options: { resamples: number },
): Estimate | OfDecisions<ClassCounts> {
  const { family, parameter } = splitMetric(name);
  const { labels, scores } = rows;
  const fault = noProbabilities(name, rows.kind, scores);
  if (fault !== null) return undefinedEstimate(fault);
  switch (family) {
    case 'roc_auc':
    case 'roc_auc_weighted':
      return overClasses(rows, aucInfluence, family === 'roc_auc_weighted');
    case 'pr_auc':
      return overClasses(rows, averagePrecision, false);
    case 'log_loss':
      return fromLosses(classLogLosses(labels, scores));
    case 'brier':
      return fromLosses(classSquaredErrors(labels, scores), { low: 0, high: 2 });
    case 'ece':
      return measureCalibration(rightDecisions(rows), highestScores(rows), options);
    case 'top_k':
      return topK(rows, parameter ?? 1);
    default:
      return ofClasses(family, parameter ?? 1);
  }
}

/** The confusion matrix, of which only cells that have rows are kept. */
export function multiclassDecisions({ classes, labels, decisions }: MulticlassRows): Decisions<ClassCounts> {
  const size = classes.length;
  const cells = new Float64Array(size * size);
  for (let row = 0; row < labels.length; row += 1) {
    const cell = (labels[row] ?? 0) * size + (decisions[row] ?? 0);
    cells[cell] = (cells[cell] ?? 0) + 1;
  }
  const occupied = Uint32Array.from(cells.keys()).filter((cell) => (cells[cell] ?? 0) > 0);
  return {
    counts: Float64Array.from(occupied, (cell) => cells[cell] ?? 0),
    summarise: (counts) => {
      const hits = new Float64Array(size);
      const truths = new Float64Array(size);
      const decided = new Float64Array(size);
      for (let at = 0; at < counts.length; at += 1) {
        const [truth, decision] = [Math.floor((occupied[at] ?? 0) / size), (occupied[at] ?? 0) % size];
        const count = counts[at] ?? 0;
        truths[truth] = (truths[truth] ?? 0) + count;
        decided[decision] = (decided[decision] ?? 0) + count;
        if (truth === decision) hits[truth] = (hits[truth] ?? 0) + count;
      }
      return { hits, truths, decided, rows: labels.length };
    },
  };
}

/** 1 where the decision is the truth. */
export function rightDecisions({ labels, decisions }: Pick<MulticlassRows, 'labels' | 'decisions'>): Float64Array {
  return labels.map((label, row) => Number(label === decisions[row]));
}

/** The score of the decided class, by which a model of several classes is held to its own confidence. */
export function highestScores({ scores, decisions }: MulticlassRows): Float64Array {
  return decisions.map((decision, row) => scores[decision]?.[row] ?? Number.NaN);
}

/** Mean over the classes, each against all others; undefined when one has no row, or all. */
function overClasses(
  rows: MulticlassRows,
  measure: (labels: Float64Array, scores: Float64Array, order: Uint32Array) => Linearised,
  weighted: boolean,
): Estimate {
  const orders = rows.orders();
  const counts = new Float64Array(rows.classes.length);
  for (const label of rows.labels) counts[label] = (counts[label] ?? 0) + 1;
  const missing = rows.classes.filter((_, index) => counts[index] === 0 || counts[index] === rows.labels.length);
  if (missing.length > 0) return undefinedEstimate(`no rows, or no others, of ${few(missing)}`);
  const parts = rows.scores.map((column, index) => {
    const own = rows.labels.map((label) => Number(label === index));
    return measure(own, column, orders[index] ?? new Uint32Array());
  });
  const weights = weighted ? [...counts] : parts.map(() => 1);
  return fromInfluence(averageLinearised(parts, weights), unit);
}

function few(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

function topK(rows: MulticlassRows, k: number): Estimate {
  const hits = topHits(rows, k);
  return {
    ...fromShare(
      hits.reduce((sum, hit) => sum + hit, 0),
      hits.length,
    ),
    reason: 'no row',
  };
}

/** 1 where the class is among the k highest scores; of equal scores the class that comes first is the higher one. */
export function topHits({ labels, scores }: Pick<MulticlassRows, 'labels' | 'scores'>, k: number): Float64Array {
  return labels.map((label, row) => {
    const own = scores[label]?.[row] ?? Number.NaN;
    let above = 0;
    for (let index = 0; index < scores.length; index += 1) {
      const score = scores[index]?.[row] ?? 0;
      if (score > own || (score === own && index < label)) above += 1;
    }
    return Number(above < k);
  });
}

function ofClasses(family: string, beta: number): OfDecisions<ClassCounts> {
  const rate = averagedRate(family, beta);
  if (rate !== null) {
    const averaging = averagingOf(family);
    const reason = 'no row and no decision of any class';
    const tables = (counts: ClassCounts) => Array.from(counts.truths, (_, index) => oneAgainstRest(counts, index));
    return { of: (counts) => averageRate(tables(counts), rate, averaging), range: unit, reason };
  }
  const right = ({ hits }: ClassCounts) => hits.reduce((sum, count) => sum + count, 0);
  switch (family) {
    case 'accuracy':
      return { proportion: (counts) => [right(counts), counts.rows], range: unit, reason: 'no row' };
    case 'hamming_loss':
      return { proportion: (counts) => [counts.rows - right(counts), counts.rows], range: unit, reason: 'no row' };
    case 'balanced_accuracy':
      return { of: meanRecall, range: unit, reason: 'no row' };
    case 'mcc':
      return { of: matthewsOfClasses, range: { low: -1, high: 1 }, reason: oneClass };
    case 'kappa':
      return { of: kappaOfClasses, range: { low: -1, high: 1 }, reason: oneClass };
    default:
      throw new Error(`${family} is no metric of several classes`);
  }
}

const oneClass = 'all rows, or all decisions, are of one class';
