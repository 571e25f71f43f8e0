import { drawSample, type RowSample } from '../explanation/draw-sample.ts';
import { seededRandom } from '../statistics/seeded-random.ts';
import { SEED } from './estimate.ts';
import type { LoadedHoldout } from './load-holdout.ts';

/** Rows that are looked at more closely than all can be: for how a model bears other inputs, and what it goes by. */
const sampledRows = 2000;

/** The same rows for every model that is judged by the same holdout; of a ranking whole queries. */
export function drawRows({ labels, queries }: LoadedHoldout): RowSample {
  return drawSample({ of: labels.length, most: sampledRows, units: queries ?? null }, seededRandom(SEED));
}
