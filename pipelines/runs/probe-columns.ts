import type { ModelTensor, ScoreColumns } from '../ports/scorer.ts';
import { seededRandom } from '../statistics/seeded-random.ts';

/** Rows that two models are asked about, and the seed of what stands in them. */
export const probeRows = 512;
const seed = 2001;

/**
 * The same made-up rows for any model with these inputs: numbers of several sizes, small whole numbers, yes and no, short
 * texts. Two models that answer all of them alike are taken for the same within tolerance.
 */
export function probeColumns(inputs: readonly ModelTensor[]): ScoreColumns {
  const random = seededRandom(seed);
  return Object.fromEntries(
    inputs.map(({ name, type }) => {
      if (type === 'string')
        return [name, Array.from({ length: probeRows }, () => 'abcdefgh'[Math.floor(random() * 8)] ?? '')];
      const values = Float64Array.from({ length: probeRows }, (_, row) => {
        if (type === 'bool') return random() < 0.5 ? 0 : 1;
        if (type.startsWith('int')) return Math.floor(random() * 10 ** (row % 5)) - (row % 3 === 0 ? 2 : 0);
        return (random() * 2 - 1) * 10 ** ((row % 8) - 3);
      });
      return [name, values];
    }),
  );
}
