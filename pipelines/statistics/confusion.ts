/** Counts of a binary decision. Rates without a denominator are undefined: NaN, never 0. */
export type Confusion = { tp: number; fp: number; fn: number; tn: number };

/** A row counts as positive when its score reaches the threshold. */
export function confusion(labels: Float64Array, scores: Float64Array, threshold: number): Confusion {
  const counts = { tp: 0, fp: 0, fn: 0, tn: 0 };
  for (let row = 0; row < labels.length; row += 1) {
    const selected = (scores[row] ?? 0) >= threshold;
    if (labels[row] === 1) counts[selected ? 'tp' : 'fn'] += 1;
    else counts[selected ? 'fp' : 'tn'] += 1;
  }
  return counts;
}

export function accuracy({ tp, fp, fn, tn }: Confusion): number {
  return (tp + tn) / (tp + fp + fn + tn);
}

export function precision({ tp, fp }: Confusion): number {
  return tp / (tp + fp);
}

export function recall({ tp, fn }: Confusion): number {
  return tp / (tp + fn);
}

export function falsePositiveRate({ fp, tn }: Confusion): number {
  return fp / (fp + tn);
}

export function selectionRate({ tp, fp, fn, tn }: Confusion): number {
  return (tp + fp) / (tp + fp + fn + tn);
}

/** Harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN). */
export function f1(counts: Confusion): number {
  return fBeta(counts, 1);
}

/** Recall counts beta times as much as precision: (1 + b²) TP / ((1 + b²) TP + b² FN + FP). */
export function fBeta({ tp, fp, fn }: Confusion, beta: number): number {
  const square = beta * beta;
  return ((1 + square) * tp) / ((1 + square) * tp + square * fn + fp);
}

/** Share of the negatives that are left alone. */
export function specificity({ fp, tn }: Confusion): number {
  return tn / (tn + fp);
}

/** Mean of recall and specificity. */
export function balancedAccuracy(counts: Confusion): number {
  return (recall(counts) + specificity(counts)) / 2;
}

/** Intersection over union of the positives, TP / (TP + FP + FN). */
export function jaccard({ tp, fp, fn }: Confusion): number {
  return tp / (tp + fp + fn);
}

/** Matthews' correlation of truth and decision (1975); undefined when either is constant. */
export function matthews({ tp, fp, fn, tn }: Confusion): number {
  const spread = Math.sqrt(tp + fp) * Math.sqrt(tp + fn) * Math.sqrt(tn + fp) * Math.sqrt(tn + fn);
  return (tp * tn - fp * fn) / spread;
}

/** Cohen's kappa (1960): agreement beyond that of chance, over the most there can be. */
export function cohenKappa({ tp, fp, fn, tn }: Confusion): number {
  const rows = tp + fp + fn + tn;
  const byChance = ((tp + fp) * (tp + fn) + (tn + fn) * (tn + fp)) / rows;
  return (tp + tn - byChance) / (rows - byChance);
}
