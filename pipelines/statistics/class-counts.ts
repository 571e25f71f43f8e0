import { type Confusion, fBeta, jaccard, precision, recall } from './confusion.ts';

/**
 * What every decision metric of several classes needs: per class the rows decided rightly, the rows that are of it and
 * the rows decided to be of it, and all rows.
 */
export type ClassCounts = { hits: Float64Array; truths: Float64Array; decided: Float64Array; rows: number };

export type Averaging = 'macro' | 'micro' | 'weighted';

/** The two-by-two table of one class against all others. */
export function oneAgainstRest({ hits, truths, decided, rows }: ClassCounts, index: number): Confusion {
  const tp = hits[index] ?? 0;
  const fn = (truths[index] ?? 0) - tp;
  const fp = (decided[index] ?? 0) - tp;
  return { tp, fp, fn, tn: rows - tp - fp - fn };
}

/**
 * A rate over several two-by-two tables. Macro: the mean over classes that occur in truth or decision, where a class
 * without a denominator counts 0, as in scikit-learn: never to decide for a class must not pay. Weighted: by the rows of
 * each class. Micro: the rate of the summed tables.
 */
export function averageRate(
  tables: readonly Confusion[],
  rate: (table: Confusion) => number,
  averaging: Averaging,
): number {
  if (averaging === 'micro') {
    const sum = { tp: 0, fp: 0, fn: 0, tn: 0 };
    for (const { tp, fp, fn, tn } of tables) {
      sum.tp += tp;
      sum.fp += fp;
      sum.fn += fn;
      sum.tn += tn;
    }
    return rate(sum);
  }
  let total = 0;
  let weights = 0;
  for (const table of tables) {
    const occurs = table.tp + table.fn + table.fp > 0;
    const weight = averaging === 'weighted' ? table.tp + table.fn : Number(occurs);
    if (weight === 0) continue;
    const value = rate(table);
    total += weight * (Number.isNaN(value) ? 0 : value);
    weights += weight;
  }
  return total / weights;
}

/** The rates that are averaged over classes or labels, by family of metric. */
export function averagedRate(family: string, beta: number): ((table: Confusion) => number) | null {
  if (family.startsWith('precision')) return precision;
  if (family.startsWith('recall')) return recall;
  if (family === 'jaccard') return jaccard;
  if (family.startsWith('f1')) return (table) => fBeta(table, 1);
  return family === 'f_beta' ? (table) => fBeta(table, beta) : null;
}

export function averagingOf(family: string): Averaging {
  if (family.endsWith('_micro')) return 'micro';
  return family.endsWith('_weighted') ? 'weighted' : 'macro';
}

/** Mean of the recalls of the classes that have rows. */
export function meanRecall({ hits, truths }: ClassCounts): number {
  let sum = 0;
  let classes = 0;
  for (let index = 0; index < truths.length; index += 1) {
    const rows = truths[index] ?? 0;
    if (rows === 0) continue;
    sum += (hits[index] ?? 0) / rows;
    classes += 1;
  }
  return sum / classes;
}

/** Cohen's kappa of several classes. */
export function kappaOfClasses({ hits, truths, decided, rows }: ClassCounts): number {
  const agreed = hits.reduce((sum, count) => sum + count, 0);
  const byChance = truths.reduce((sum, count, index) => sum + count * ((decided[index] ?? 0) / rows), 0);
  return (agreed - byChance) / (rows - byChance);
}

/** Matthews' correlation for several classes (Gorodkin 2004); undefined when truth or decision is constant. */
export function matthewsOfClasses({ hits, truths, decided, rows }: ClassCounts): number {
  const agreed = hits.reduce((sum, count) => sum + count, 0);
  let both = 0;
  let truthSquares = 0;
  let decidedSquares = 0;
  for (let index = 0; index < truths.length; index += 1) {
    const [truth, decision] = [(truths[index] ?? 0) / rows, (decided[index] ?? 0) / rows];
    both += truth * decision;
    truthSquares += truth * truth;
    decidedSquares += decision * decision;
  }
  // What is 0 but for rounding is 0.
  const spread = (squares: number) => (1 - squares < 1e-14 ? 0 : 1 - squares);
  return (agreed / rows - both) / Math.sqrt(spread(truthSquares) * spread(decidedSquares));
}
