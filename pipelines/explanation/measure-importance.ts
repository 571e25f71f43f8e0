import { mean } from '../statistics/moments.ts';
import { type Random, seededRandom } from '../statistics/seeded-random.ts';
import { shuffle } from './draw-sample.ts';
import type { FeatureColumn, FeatureColumns, Predictor } from './predictor.ts';
import { takeColumn } from './take-columns.ts';

/** A metric of the sampled rows: it knows their labels. */
export type SampleMetric = {
  name: string;
  direction: 'higher' | 'lower';
  /**
   * The metric of each part of the sample, NaN where it is undefined. `parts`: places in the sample, ascending; the same arrays
   * in every call. `answers`: of the whole sample, row-major.
   */
  measure(parts: readonly Uint32Array[], answers: Float64Array): number[];
};

export type ImportanceSubject = {
  /** Columns of the sample that are inputs of the model. */
  columns: FeatureColumns;
  /** Parts of the sample that know nothing of each other; together every row once. */
  blocks: readonly Uint32Array[];
};

export type MeasuredImportance = {
  feature: string;
  /** How much worse the metric is in each repeat; larger is more important. */
  repeats: Float64Array;
  /** The mean over the repeats with one block left out, one per block. */
  leftOut: Float64Array;
};

/**
 * Permutation importance (Breiman 2001): what the metric loses when one column is shuffled. Rows are shuffled inside their
 * block, and repeat k shuffles every column, of any model, in the same way: so the blocks stay independent of
 * each other, which is what the jackknife of `importanceInterval` needs, and two models can be compared in pairs.
 */
export async function measureImportance(
  { columns, blocks }: ImportanceSubject,
  { metric, repeats, seed }: { metric: SampleMetric; repeats: number; seed: number },
  predictor: Predictor,
): Promise<{ score: number; answers: Float64Array; importance: MeasuredImportance[] }> {
  const random = seededRandom(seed);
  const donors = Array.from({ length: repeats }, () => shuffleInBlocks(blocks, random));
  const answers = await predictor.predict(columns);
  const parts = partsOf(blocks);
  const before = metric.measure(parts, answers);
  const sign = metric.direction === 'higher' ? 1 : -1;
  const importance: MeasuredImportance[] = [];
  for (const [feature, column] of Object.entries(columns)) {
    const lost: number[][] = [];
    for (const rows of donors) {
      const shuffled = takeColumn(column, rows);
      const same = isSame(column, shuffled);
      const after = same ? before : metric.measure(parts, await predictor.predict({ ...columns, [feature]: shuffled }));
      lost.push(before.map((value, part) => sign * (value - (after[part] ?? Number.NaN))));
    }
    const meanOf = (part: number) => mean(Float64Array.from(lost, (values) => values[part] ?? Number.NaN));
    importance.push({
      feature,
      repeats: Float64Array.from(lost, ([whole = Number.NaN]) => whole),
      leftOut: Float64Array.from(blocks, (_, block) => meanOf(block + 1)),
    });
  }
  return { score: before[0] ?? Number.NaN, answers, importance };
}

/**
 * Where every row takes its shuffled value from: never from itself (one random cycle through each block), because in small blocks rows that stay would make every importance too small.
 */
function shuffleInBlocks(blocks: readonly Uint32Array[], random: Random): Uint32Array {
  const donors = new Uint32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  for (const block of blocks) {
    const cycle = block.slice();
    shuffle(cycle, random);
    cycle.forEach((place, at) => {
      donors[place] = cycle[(at + 1) % cycle.length] ?? place;
    });
  }
  return donors;
}

/** All rows, then all but those of each block; ascending. */
function partsOf(blocks: readonly Uint32Array[]): Uint32Array[] {
  const all = Uint32Array.from(blocks.flatMap((block) => [...block])).sort();
  const owner = new Uint32Array(all.length);
  blocks.forEach((block, index) => {
    for (const place of block) owner[place] = index;
  });
  return [all, ...blocks.map((_, index) => all.filter((place) => owner[place] !== index))];
}

function isSame(left: FeatureColumn, right: FeatureColumn): boolean {
  return left.every((value, at) => Object.is(value, right[at]));
}
