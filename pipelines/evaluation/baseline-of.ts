import type { MetricBaseline, MetricName } from '../contracts/evaluation.ts';
import { mean } from '../statistics/moments.ts';
import { quantile } from '../statistics/quantile.ts';
import { rowOrder } from '../statistics/row-order.ts';
import { type BinaryRows, type JudgedRows, rowCount } from './judged-rows.ts';
import { measureBinary } from './measure-binary.ts';
import { measureMetrics } from './measure-metric.ts';
import { metricFacts, splitMetric } from './metric-catalogue.ts';
import { valueOfDecisions } from './of-decisions.ts';

/**
 * What a predictor that ignores the inputs gets on the same rows, beside every metric: the shares of the classes where
 * probabilities are asked for, the most frequent class where decisions are, the best constant of a regression (mean,
 * median or quantile, by what the metric rewards), and a random order of a ranking.
 */
export function baselinesOf(names: readonly MetricName[], rows: JudgedRows): Map<MetricName, MetricBaseline> {
  if (rows.task === 'binary') {
    return binaryBaselines(names, rows);
  }
  const byPredictor = new Map<string, MetricName[]>();
  for (const name of names) {
    const predictor = predictorFor(name, rows);
    byPredictor.set(predictor, [...(byPredictor.get(predictor) ?? []), name]);
  }
  const found = new Map<MetricName, MetricBaseline>();
  const sorted = rows.task === 'regression' ? rows.labels.toSorted() : new Float64Array();
  for (const [predictor, own] of byPredictor) {
    const dummy = constantRows(rows, own[0], sorted);
    for (const { name, value } of measureMetrics(own, dummy, { resamples: 0 })) {
      // A dummy that says the truth's own share is off by nothing but rounding.
      found.set(name, { predictor, value: value !== null && Math.abs(value) < 1e-12 ? 0 : value });
    }
  }
  return found;
}

function predictorFor(name: MetricName, { task }: JudgedRows): string {
  if (task === 'ranking') return 'any order';
  if (task !== 'regression') return metricFacts(name).from === 'decisions' ? 'most frequent' : 'prior';
  const { family, parameter } = splitMetric(name);
  if (family === 'pinball') return `quantile ${parameter}`;
  return likesMedian.has(family) ? 'median' : 'mean';
}

const likesMedian = new Set<string>(['mae', 'mape', 'median_ae', 'max_error']);

/** The same truth with one answer for all rows. */
function constantRows(
  rows: Exclude<JudgedRows, BinaryRows>,
  metric: MetricName | undefined,
  sorted: Float64Array,
): JudgedRows {
  const n = rowCount(rows);
  const always = (value: number) => new Float64Array(n).fill(value);
  switch (rows.task) {
    case 'ranking':
      return { ...rows, scores: always(0) };
    case 'regression': {
      const { family, parameter } = splitMetric(metric ?? 'mse');
      const at = family === 'pinball' ? (parameter ?? 0.5) : 0.5;
      const value = family === 'pinball' || likesMedian.has(family) ? quantile(sorted, at) : mean(rows.labels);
      return { ...rows, scores: always(value) };
    }
    case 'multiclass': {
      const counts = rows.classes.map(() => 0);
      for (const label of rows.labels) counts[label] = (counts[label] ?? 0) + 1;
      const scores = counts.map((count) => always(count / n));
      const decisions = always(counts.indexOf(Math.max(...counts)));
      return { ...rows, scores, kind: 'probabilities', decisions, orders: () => scores.map(() => rowOrder(n)) };
    }
    case 'multilabel': {
      const shares = rows.labels.map(mean);
      const scores = shares.map(always);
      const decisions = shares.map((share) => always(Number(share >= 0.5)));
      return { ...rows, scores, kind: 'probabilities', decisions, orders: () => scores.map(() => rowOrder(n)) };
    }
  }
}

/** In closed form, because only the share of positives counts and there may be many rows. */
function binaryBaselines(names: readonly MetricName[], rows: BinaryRows): Map<MetricName, MetricBaseline> {
  const n = rows.labels.length;
  const positives = mean(rows.labels) * n;
  return new Map(
    names.map((name) => {
      const value = binaryBaseline(name, rows, { n, positives: Math.round(positives) });
      return [name, { predictor: predictorFor(name, rows), value }];
    }),
  );
}

function binaryBaseline(
  name: MetricName,
  rows: BinaryRows,
  { n, positives }: { n: number; positives: number },
): number | null {
  const share = positives / n;
  const surprise = (p: number) => (p === 0 ? 0 : -p * Math.log(p));
  switch (name) {
    case 'roc_auc':
      return share > 0 && share < 1 ? 0.5 : null;
    case 'pr_auc':
      return share > 0 ? share : null;
    case 'log_loss':
      return surprise(share) + surprise(1 - share);
    case 'brier':
      return share * (1 - share);
    case 'ece':
      return 0;
    default: {
      const counts =
        share >= 0.5
          ? { tp: positives, fp: n - positives, fn: 0, tn: 0 }
          : { tp: 0, fp: 0, fn: positives, tn: n - positives };
      const metric = measureBinary(name, rows, { resamples: 0 });
      return 'range' in metric ? valueOfDecisions(metric, counts) : null;
    }
  }
}
