import type { Linearised } from './average-precision.ts';
import { delongComponents } from './delong-components.ts';

/**
 * The area under the ROC curve with how much each row pulls it, from DeLong's components: (V10 - A) / pi for a positive,
 * (V01 - A) / (1 - pi) for a negative. With one class only: NaN.
 */
export function aucInfluence(labels: Float64Array, scores: Float64Array, order?: Uint32Array): Linearised {
  const { auc, positives, negatives } = delongComponents(labels, scores, order);
  const share = positives.length / labels.length;
  const influence = new Float64Array(labels.length);
  let atPositive = 0;
  let atNegative = 0;
  for (let row = 0; row < labels.length; row += 1) {
    if (labels[row] === 1) {
      influence[row] = ((positives[atPositive] ?? 0) - auc) / share;
      atPositive += 1;
    } else {
      influence[row] = ((negatives[atNegative] ?? 0) - auc) / (1 - share);
      atNegative += 1;
    }
  }
  return { value: auc, influence };
}
