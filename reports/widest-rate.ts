import type { Disparity, FairnessAttribute, FairnessMeasure } from '../pipelines/contracts/fairness.ts';
import { measureTitles } from './fairness-titles.ts';
import { formatNumber } from './format-number.ts';
import { intervalStrip } from './interval-strip.ts';

/** Rates whose intervals are drawn where there is room for one: the widest of these, which no other follows from. */
const candidates: readonly FairnessMeasure[] = ['tpr', 'fpr', 'selection_rate', 'accuracy', 'mean_error'];

export type WidestRate = {
  title: string;
  /** Interval of a group as a strip and in numbers, all on one scale; empty where the rate is undefined. */
  stripOf(group: FairnessAttribute['groups'][number]): string;
  /** How much of the difference chance alone explains, as a sentence; null where that is not known. */
  chance: string | null;
};

/** The rate in which the groups of an attribute lie farthest apart; null when none can be judged. */
export function widestRate({ groups, disparities }: FairnessAttribute): WidestRate | null {
  const judged = disparities.filter(
    ({ measure, difference }) => candidates.includes(measure) && difference.value !== null,
  );
  // Accuracy is a last resort: where several classes are told, nothing else is there.
  const rates = judged.length > 1 ? judged.filter(({ measure }) => measure !== 'accuracy') : judged;
  const [widest] = rates.toSorted((left, right) => (right.difference.value ?? 0) - (left.difference.value ?? 0));
  if (widest === undefined) return null;
  const { measure } = widest;
  const ends = groups
    .flatMap(({ measures }) => measures[measure] ?? [])
    .flatMap(({ value, low, high }) => [value, low, high])
    .filter((end) => end !== null);
  const domain = [Math.min(...ends), Math.max(...ends)] as const;
  return {
    title: measureTitles[measure],
    stripOf({ measures }) {
      const { value = null, low = null, high = null } = measures[measure] ?? {};
      if (value === null) return '';
      const range = low === null || high === null ? '' : ` ${formatNumber(low)} to ${formatNumber(high)}`;
      return `${intervalStrip({ value, low, high }, domain)}${range}`;
    },
    chance: chanceOf(widest),
  };
}

function chanceOf({ measure, groups, difference, chance }: Disparity): string | null {
  if (chance === null) return null;
  const percent = (100 * chance.p).toFixed(chance.p < 0.1 ? 1 : 0);
  const often = chance.p < 0.001 ? 'less than 0.1 %' : `${percent} %`;
  return `${measureTitles[measure]}: ${groups} groups of these sizes that are alike differ by ${formatNumber(chance.difference)} on average, by chance alone; ${formatNumber(difference.value)} and more comes about in ${often} of cases.`;
}
