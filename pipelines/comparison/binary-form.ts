import type { BinaryRows } from '../evaluation/judged-rows.ts';
import { measureBinary } from '../evaluation/measure-binary.ts';
import { splitMetric } from '../evaluation/metric-catalogue.ts';
import { valueOfDecisions } from '../evaluation/of-decisions.ts';
import type { Confusion } from '../statistics/confusion.ts';
import { logLosses, squaredErrors } from '../statistics/row-losses.ts';
import { areasForm } from './areas-form.ts';
import { calibrationForm } from './calibration-form.ts';
import { countsForm } from './counts-form.ts';
import { meansForm } from './means-form.ts';
import { pairDecisions } from './pair-decisions.ts';
import type { MakeForm, PairedForm } from './paired-form.ts';

export const binaryForm: MakeForm<BinaryRows> = (name, first, second) => {
  const { labels } = first;
  switch (splitMetric(name).family) {
    case 'roc_auc': {
      const form = areasForm('auc', [rankingOf(first)], [rankingOf(second)], false);
      return form && { kind: 'area', first, second, lanes: form.lanes };
    }
    case 'pr_auc':
      return areasForm('precision', [rankingOf(first)], [rankingOf(second)], false);
    case 'log_loss':
      return meansForm(logLosses(labels, first.scores), logLosses(labels, second.scores));
    case 'brier':
      return meansForm(squaredErrors(labels, first.scores), squaredErrors(labels, second.scores));
    case 'ece':
      return calibrationForm({ truths: labels, scores: first.scores }, { truths: labels, scores: second.scores });
    case 'accuracy':
      return first.decisions && second.decisions
        ? meansForm(hits(labels, first.decisions), hits(labels, second.decisions), 'hits')
        : null;
    default:
      return ofDecisions(measureBinary(name, first, { resamples: 0 }), first, second);
  }
};

/** 1 where the decision is the truth. */
function hits(truths: Float64Array, decisions: Float64Array): Float64Array {
  return truths.map((truth, row) => Number(truth === decisions[row]));
}

function rankingOf({ labels, scores, order }: BinaryRows) {
  return { labels, scores, order: order() };
}

function ofDecisions(
  metric: ReturnType<typeof measureBinary>,
  first: BinaryRows,
  second: BinaryRows,
): PairedForm | null {
  if (!('range' in metric) || first.decisions === null || second.decisions === null) return null;
  const paired = pairDecisions(first.labels, first.decisions, second.decisions);
  const tableOf = (counts: Float64Array, side: 'first' | 'second') => {
    const table: Confusion = { tp: 0, fp: 0, fn: 0, tn: 0 };
    paired.cells.forEach((cell, at) => {
      const key = cell.truth === 1 ? (cell[side] === 1 ? 'tp' : 'fn') : cell[side] === 1 ? 'fp' : 'tn';
      table[key] += counts[at] ?? 0;
    });
    return table;
  };
  return countsForm(
    paired,
    (counts) =>
      (valueOfDecisions(metric, tableOf(counts, 'second')) ?? Number.NaN) -
      (valueOfDecisions(metric, tableOf(counts, 'first')) ?? Number.NaN),
  );
}
