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
export function f1({ tp, fp, fn }: Confusion): number {
  return (2 * tp) / (2 * tp + fp + fn);
}
