import type { RankingRows } from '../evaluation/judged-rows.ts';
import { queryValues } from '../evaluation/measure-ranking.ts';
import { meansForm } from './means-form.ts';
import type { MakeForm } from './paired-form.ts';

/** Means over the queries that have a relevant row: the same ones for both models. */
export const rankingForm: MakeForm<RankingRows> = (name, first, second) => {
  const [before, after] = [queryValues(name, first), queryValues(name, second)];
  const defined = Uint32Array.from(before.keys()).filter((query) => !Number.isNaN(before[query] ?? Number.NaN));
  const pick = (values: Float64Array) => Float64Array.from(defined, (query) => values[query] ?? Number.NaN);
  return meansForm(pick(before), pick(after), 'queries');
};
