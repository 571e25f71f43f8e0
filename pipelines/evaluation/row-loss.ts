import type { MetricName } from '../contracts/evaluation.ts';
import {
  absoluteErrors,
  classLogLosses,
  classSquaredErrors,
  logLosses,
  meanOfColumns,
  squaredErrors,
} from '../statistics/row-losses.ts';
import type { JudgedRows } from './judged-rows.ts';
import { metricFacts, splitMetric } from './metric-catalogue.ts';

/** A loss per row by which parts of the rows can be compared, and its name. */
export type RowLoss = { name: string; values: Float64Array };

/**
 * The loss per row that is nearest to a metric: its own where it is a mean of losses, squared errors for what is made of
 * them, wrong decisions for what comes from decisions, and log loss, or wrong decisions without probabilities, for the
 * rest. Null for a ranking, whose rows have none, and where nothing decides.
 */
export function rowLoss(metric: MetricName, rows: JudgedRows): RowLoss | null {
  const { family } = splitMetric(metric);
  if (rows.task === 'ranking') return null;
  if (rows.task === 'regression') {
    const squared = ['mse', 'rmse', 'r2', 'explained_variance'].includes(family);
    const losses = (squared ? squaredErrors : absoluteErrors)(rows.labels, rows.scores);
    return { name: squared ? 'squared error' : 'absolute error', values: losses };
  }
  if (rows.kind !== 'probabilities' || metricFacts(metric).from === 'decisions') return wrongDecisions(rows);
  const brier = family === 'brier';
  const name = brier ? 'squared error' : 'log loss';
  switch (rows.task) {
    case 'binary':
      return { name, values: (brier ? squaredErrors : logLosses)(rows.labels, rows.scores) };
    case 'multiclass':
      return { name, values: (brier ? classSquaredErrors : classLogLosses)(rows.labels, rows.scores) };
    case 'multilabel': {
      const of = brier ? squaredErrors : logLosses;
      return { name, values: meanOfColumns(rows.labels.map((labels, at) => of(labels, rows.scores[at] ?? labels))) };
    }
  }
}

function wrongDecisions(rows: Exclude<JudgedRows, { task: 'regression' | 'ranking' }>): RowLoss | null {
  const { decisions } = rows;
  if (decisions === null) return null;
  if (rows.task === 'multilabel') {
    const wrong = rows.labels.map((labels, at) =>
      labels.map((label, row) => Number(label !== rows.decisions?.[at]?.[row])),
    );
    return { name: 'share of wrong labels', values: meanOfColumns(wrong) };
  }
  const values = rows.labels.map((label, row) => Number(label !== rows.decisions?.[row]));
  return { name: 'share of wrong decisions', values };
}
