import { averageLinearised } from '../evaluation/average-linearised.ts';
import { aucInfluence } from '../statistics/auc-influence.ts';
import { averagePrecision, type Linearised } from '../statistics/average-precision.ts';
import { type Area, laneAreas } from '../statistics/lane-areas.ts';
import { laneDifference } from '../statistics/lane-difference.ts';
import { LANES, type LaneStatistic } from '../statistics/resample-units.ts';
import type { PairedForm, Units } from './paired-form.ts';

/** One ranking per class or label: who belongs to it, and the scores with their ascending order. */
export type Ranking = { labels: Float64Array; scores: Float64Array; order: Uint32Array };

/**
 * An area under the ROC curve, or average precision, averaged over classes: each alike, or by its positive rows. Null
 * where a class has no row, or all.
 */
export function areasForm(
  area: Area,
  first: readonly Ranking[],
  second: readonly Ranking[],
  weighted: boolean,
): PairedForm | null {
  const everyClass = first.every(({ labels }) => labels.includes(1) && labels.includes(0));
  if (!everyClass || first.length === 0) return null;
  return {
    kind: 'rows',
    passes: first.length + second.length,
    lanes: (units) =>
      laneDifference(laneAverage(area, first, weighted, units), laneAverage(area, second, weighted, units)),
    linearised: () => [linearise(area, first, weighted), linearise(area, second, weighted)],
  };
}

function laneAverage(area: Area, rankings: readonly Ranking[], weighted: boolean, units: Units): LaneStatistic {
  const lanes = rankings.map((ranking) => laneAreas(area, ranking, units.of));
  return (weights, out) => {
    const found = lanes.map((measure) => measure(weights));
    for (let lane = 0; lane < LANES; lane += 1) {
      let sum = 0;
      let total = 0;
      for (const result of found) {
        const weight = weighted ? (result.positives[lane] ?? 0) : 1;
        sum += weight * (result.values[lane] ?? 0);
        total += weight;
      }
      out[lane] = sum / total;
    }
  };
}

function linearise(area: Area, rankings: readonly Ranking[], weighted: boolean): Linearised {
  const measure = area === 'auc' ? aucInfluence : averagePrecision;
  const parts = rankings.map(({ labels, scores, order }) => measure(labels, scores, order));
  return averageLinearised(
    parts,
    rankings.map(({ labels }) => (weighted ? labels.reduce((sum, label) => sum + label, 0) : 1)),
  );
}
