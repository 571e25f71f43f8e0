import type { Confusion } from '../statistics/confusion.ts';
import type { BinaryRows } from './judged-rows.ts';
import type { Decisions } from './of-decisions.ts';

/** The four counts of a binary model; null where nothing decides. */
export function binaryDecisions({ labels, decisions }: BinaryRows): Decisions<Confusion> | null {
  if (decisions === null) return null;
  const counts = new Float64Array(4);
  for (let row = 0; row < labels.length; row += 1) {
    const cell = (labels[row] === 1 ? 2 : 0) + (decisions[row] === 1 ? 1 : 0);
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return { counts, summarise: ([tn = 0, fp = 0, fn = 0, tp = 0]) => ({ tp, fp, fn, tn }) };
}
