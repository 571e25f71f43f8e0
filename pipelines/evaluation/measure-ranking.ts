import type { MetricName } from '../contracts/evaluation.ts';
import { normalisedGain } from '../statistics/discounted-gain.ts';
import { reciprocalRank } from '../statistics/reciprocal-rank.ts';
import { take } from '../statistics/take.ts';
import { type Estimate, fromLosses } from './estimate.ts';
import type { RankingRows } from './judged-rows.ts';
import { splitMetric } from './metric-catalogue.ts';
import { splitRows } from './split-rows.ts';

/** One metric of a ranking: its mean over the queries that have a relevant row, each of which is one observation. */
export function measureRanking(name: MetricName, rows: RankingRows): Estimate {
  const defined = queryValues(name, rows).filter((value) => !Number.isNaN(value));
  const found = fromLosses(defined, { low: 0, high: 1 });
  return {
    ...found,
    method: 'normal, standard error of a mean over queries',
    n: defined.length,
    reason: 'no query with a relevant row',
  };
}

/** The metric of each query; NaN without a relevant row. */
export function queryValues(name: MetricName, rows: RankingRows): Float64Array {
  const { family, parameter } = splitMetric(name);
  const of =
    family === 'mrr'
      ? reciprocalRank
      : (labels: Float64Array, scores: Float64Array) => normalisedGain(labels, scores, parameter ?? undefined);
  return Float64Array.from(queryMembers(rows), (own) => of(take(rows.labels, own), take(rows.scores, own)));
}

/** The rows of every query that has some. */
export function queryMembers({ queries }: Pick<RankingRows, 'queries'>): Uint32Array[] {
  const most = queries.reduce((largest, query) => Math.max(largest, query), -1);
  return splitRows(most + 1, queries).filter((own) => own.length > 0);
}
