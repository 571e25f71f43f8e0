import { differences } from '../statistics/moments.ts';
import { logLosses, squaredErrors } from '../statistics/row-losses.ts';
import { areaFacts, type SortedScores } from './area-facts.ts';
import { calibrationFacts } from './calibration-facts.ts';
import type { CalibrationFact, NormalFact } from './group-facts.ts';
import { type Grouping, meanFacts } from './mean-facts.ts';

export type ScoredGroup = { normals: NormalFact[]; calibration: CalibrationFact | null };

/**
 * What the scores of a binary model say of every group: how well they rank and, where they are probabilities, how far they
 * can be believed. `labels` are 0 or 1; scores are finite.
 */
export function scoreFacts(
  labels: Float64Array,
  head: SortedScores,
  base: SortedScores | null,
  { probabilities, losses }: { probabilities: boolean; losses: boolean },
  grouping: Grouping,
): ScoredGroup[] {
  const areas = areaFacts(labels, head, base, grouping);
  const before = base?.scores ?? null;
  const of = (values: (labels: Float64Array, scores: Float64Array) => Float64Array) =>
    [values(labels, head.scores), before === null ? null : values(labels, before)] as const;
  const columns = [
    areas,
    meanFacts('mean_score', head.scores, before, grouping),
    ...(probabilities
      ? [meanFacts('calibration_gap', ...of((truth, scores) => differences(scores, truth)), grouping)]
      : []),
    ...(probabilities && losses
      ? [meanFacts('brier', ...of(squaredErrors), grouping), meanFacts('log_loss', ...of(logLosses), grouping)]
      : []),
  ];
  const calibration = probabilities ? calibrationFacts(labels, head.scores, before, grouping) : [];
  return areas.map((_, group) => ({
    normals: columns.flatMap((column) => column[group] ?? []),
    calibration: calibration[group] ?? null,
  }));
}
