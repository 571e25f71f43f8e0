import type { MulticlassRows } from '../evaluation/judged-rows.ts';
import { highestScores, measureMulticlass, rightDecisions, topHits } from '../evaluation/measure-multiclass.ts';
import { splitMetric } from '../evaluation/metric-catalogue.ts';
import { valueOfDecisions } from '../evaluation/of-decisions.ts';
import type { ClassCounts } from '../statistics/class-counts.ts';
import { classLogLosses, classSquaredErrors } from '../statistics/row-losses.ts';
import { areasForm } from './areas-form.ts';
import { calibrationForm } from './calibration-form.ts';
import { countsForm } from './counts-form.ts';
import { meansForm } from './means-form.ts';
import { pairDecisions } from './pair-decisions.ts';
import type { MakeForm, PairedForm } from './paired-form.ts';

export const multiclassForm: MakeForm<MulticlassRows> = (name, first, second) => {
  const { family, parameter } = splitMetric(name);
  const { labels } = first;
  switch (family) {
    case 'roc_auc':
    case 'roc_auc_weighted':
      return areasForm('auc', rankingsOf(first), rankingsOf(second), family === 'roc_auc_weighted');
    case 'pr_auc':
      return areasForm('precision', rankingsOf(first), rankingsOf(second), false);
    case 'log_loss':
      return meansForm(classLogLosses(labels, first.scores), classLogLosses(labels, second.scores));
    case 'brier':
      return meansForm(classSquaredErrors(labels, first.scores), classSquaredErrors(labels, second.scores));
    case 'ece':
      return calibrationForm(confidenceOf(first), confidenceOf(second));
    // Of one class per row the rates of the summed tables are all the share of right decisions.
    case 'accuracy':
    case 'precision_micro':
    case 'recall_micro':
    case 'f1_micro':
      return meansForm(rightDecisions(first), rightDecisions(second), 'hits');
    case 'top_k':
      return meansForm(topHits(first, parameter ?? 1), topHits(second, parameter ?? 1), 'hits');
    default:
      return ofDecisions(measureMulticlass(name, first, { resamples: 0 }), first, second);
  }
};

function rankingsOf({ labels, scores, orders }: MulticlassRows) {
  const sorted = orders();
  return scores.map((column, index) => ({
    labels: labels.map((label) => Number(label === index)),
    scores: column,
    order: sorted[index] ?? new Uint32Array(),
  }));
}

function confidenceOf(rows: MulticlassRows) {
  return { truths: rightDecisions(rows), scores: highestScores(rows) };
}

function ofDecisions(
  metric: ReturnType<typeof measureMulticlass>,
  first: MulticlassRows,
  second: MulticlassRows,
): PairedForm | null {
  if (!('range' in metric)) return null;
  const paired = pairDecisions(first.labels, first.decisions, second.decisions);
  const size = first.classes.length;
  const countsOf = (counts: Float64Array, side: 'first' | 'second'): ClassCounts => {
    const [hits, truths, decided] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
    let rows = 0;
    paired.cells.forEach((cell, at) => {
      const count = counts[at] ?? 0;
      const decision = cell[side];
      rows += count;
      truths[cell.truth] = (truths[cell.truth] ?? 0) + count;
      decided[decision] = (decided[decision] ?? 0) + count;
      if (decision === cell.truth) hits[decision] = (hits[decision] ?? 0) + count;
    });
    return { hits, truths, decided, rows };
  };
  return countsForm(
    paired,
    (counts) =>
      (valueOfDecisions(metric, countsOf(counts, 'second')) ?? Number.NaN) -
      (valueOfDecisions(metric, countsOf(counts, 'first')) ?? Number.NaN),
  );
}
