import { sortOrder } from './sort-order.ts';

/**
 * The structural components of one ROC curve: for each positive the share of negatives scored below it, for each
 * negative the share of positives scored above it, both in row order, ties counting half.
 */
export type AucComponents = { auc: number; positives: Float64Array; negatives: Float64Array };

/**
 * DeLong, DeLong & Clarke-Pearson 1988 in the sorted form of Sun & Xu 2014, O(n log n). Labels are 0 or 1. With only
 * one class the area is undefined: NaN.
 */
export function delongComponents(labels: Float64Array, scores: Float64Array, order = sortOrder(scores)): AucComponents {
  const rows = labels.length;
  let positiveCount = 0;
  for (let row = 0; row < rows; row += 1) positiveCount += labels[row] ?? 0;
  const negativeCount = rows - positiveCount;
  const component = new Float64Array(rows);
  let positivesBelow = 0;
  let negativesBelow = 0;
  for (let start = 0; start < rows; ) {
    const score = scores[order[start] ?? 0];
    let end = start;
    let positivesHere = 0;
    for (; end < rows && scores[order[end] ?? 0] === score; end += 1) positivesHere += labels[order[end] ?? 0] ?? 0;
    const negativesHere = end - start - positivesHere;
    const ofPositive = (negativesBelow + negativesHere / 2) / negativeCount;
    const ofNegative = 1 - (positivesBelow + positivesHere / 2) / positiveCount;
    for (let at = start; at < end; at += 1) {
      const row = order[at] ?? 0;
      component[row] = labels[row] === 1 ? ofPositive : ofNegative;
    }
    positivesBelow += positivesHere;
    negativesBelow += negativesHere;
    start = end;
  }
  return split(labels, component, positiveCount);
}

function split(labels: Float64Array, component: Float64Array, positiveCount: number): AucComponents {
  const positives = new Float64Array(positiveCount);
  const negatives = new Float64Array(labels.length - positiveCount);
  let atPositive = 0;
  let atNegative = 0;
  let sum = 0;
  for (let row = 0; row < labels.length; row += 1) {
    const value = component[row] ?? 0;
    if (labels[row] === 1) {
      positives[atPositive] = value;
      atPositive += 1;
      sum += value;
    } else {
      negatives[atNegative] = value;
      atNegative += 1;
    }
  }
  const undefinedArea = positives.length === 0 || negatives.length === 0;
  return { auc: undefinedArea ? Number.NaN : sum / positiveCount, positives, negatives };
}
