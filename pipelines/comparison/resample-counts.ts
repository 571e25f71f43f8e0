import type { Delta } from '../contracts/comparison.ts';
import { bootstrapCells } from '../statistics/bootstrap-cells.ts';
import type { LeftOut } from '../statistics/bootstrap-confidence.ts';
import { seededRandom } from '../statistics/seeded-random.ts';
import type { CompareOptions } from './compare-options.ts';
import { deltaOfReplicates, endsOf } from './delta-of-replicates.ts';

type Counted = { counts: Float64Array; of(counts: Float64Array): number; spreadOnly?: true };

/** A difference that counts of cells carry: drawing rows again is drawing the counts, at a cost that does not grow with the rows. */
export function resampleCounts(form: Counted, options: CompareOptions & { level: number }): Delta | null {
  const { counts, of } = form;
  const interval = endsOf(form, options);
  const [replicates = new Float64Array()] = bootstrapCells([counts], ([drawn = counts]) => [of(drawn)], {
    resamples: options.resamples,
    random: seededRandom(options.seed),
  });
  const leftOut = interval === 'bca' ? leaveOneOut({ counts, of }) : null;
  const n = counts.reduce((sum, count) => sum + count, 0);
  return deltaOfReplicates(of(counts), { replicates, leftOut, what: 'counts', n }, { ...options, interval });
}

/** Leaving out any row of a cell comes to the same. */
function leaveOneOut({ counts, of }: Counted): LeftOut {
  const left = counts.slice();
  const values = counts.map((count, cell) => {
    left[cell] = count - 1;
    const value = of(left);
    left[cell] = count;
    return value;
  });
  return { values, counts };
}
