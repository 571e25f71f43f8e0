import type { FairnessGroup, FourFifths } from '../contracts/fairness.ts';
import { fisherExact } from '../statistics/two-proportion-test.ts';
import { confusionOf } from './decision-measures.ts';
import type { GroupFacts } from './group-facts.ts';

const LIMIT = 0.8;
/** Groups of a smaller share of the pool are left out by the guideline. */
const LEAST_SHARE = 0.02;

/**
 * Smallest rate of the favourable decision over the largest, as 29 CFR 1607.4(D) has it for employment in the United
 * States, with the test of significance that it asks for. Elsewhere it is a habit and no law: a pointer to look closer.
 */
export function measureFourFifths(
  groups: readonly FairnessGroup[],
  facts: readonly GroupFacts[],
  favourable: 'selected' | 'not selected' | null,
): FourFifths {
  const rates = groups.flatMap(({ group, share, n }, at) => {
    const { tp, fp } = confusionOf(facts[at]?.cells ?? null);
    const successes = favourable === 'not selected' ? n - tp - fp : tp + fp;
    return n === 0 ? [] : [{ group, share, successes, trials: n, value: successes / n }];
  });
  const pool = rates.filter(({ share }) => share >= LEAST_SHARE).sort((left, right) => left.value - right.value);
  const [lowest, highest] = [pool[0], pool.at(-1)];
  const leftOut = rates.filter(({ share }) => share < LEAST_SHARE).map(({ group }) => group);
  if (lowest === undefined || highest === undefined || pool.length < 2) {
    return { ratio: null, lowest: null, highest: null, below: null, p: null, leftOut };
  }
  const ratio = highest.value > 0 ? lowest.value / highest.value : null;
  return {
    ratio,
    lowest: { group: lowest.group, value: lowest.value },
    highest: { group: highest.group, value: highest.value },
    below: ratio === null ? null : ratio < LIMIT,
    p: fisherExact(lowest, highest),
    leftOut,
  };
}
