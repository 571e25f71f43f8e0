import type { SweepPlan, SweepResult, Trial } from '../contracts/sweep.ts';
import { PulltrainError } from '../errors.ts';
import { planTrials } from './plan-trials.ts';

/**
 * Successive halving (Jamieson & Talwalkar 2016): every rung gives its trials `keep` times as much of one parameter as the
 * rung before and keeps the best one of `keep`, until one rung has the whole of it. Other methods have one rung.
 */
export function countRungs({ halving }: Pick<SweepPlan, 'halving'>): number {
  if (halving === null) return 1;
  return Math.floor(Math.log(halving.to / halving.from) / Math.log(halving.keep) + 1e-9) + 1;
}

/**
 * The trials of a rung, given the results of those before it; a trial keeps its number from rung to rung. Empty when nothing
 * came through. Throws what planning trials throws, and `sweep-invalid` for a halving that cannot be.
 */
export function planRung(plan: SweepPlan, results: readonly SweepResult[]): Trial[] {
  const rungs = countRungs(plan);
  if (results.length >= rungs) return [];
  const { halving } = plan;
  const all = planTrials(plan);
  if (halving === null) return all;
  requirePossible(plan, rungs);
  const amount = amountAt(halving, results.length, rungs);
  const last = results.at(-1);
  const chosen = last === undefined ? all : survivors(all, last, halving.keep);
  return chosen.map(({ number, parameters }) => ({
    number,
    parameters: { ...parameters, [halving.parameter]: amount },
  }));
}

function survivors(all: readonly Trial[], { trials }: SweepResult, keep: number): Trial[] {
  const ranked = trials.filter(({ rank }) => rank !== null);
  const count = Math.max(1, Math.floor(trials.length / keep));
  const numbers = ranked.toSorted((left, right) => (left.rank ?? 0) - (right.rank ?? 0)).slice(0, count);
  return numbers.flatMap(({ number }) => all.filter((trial) => trial.number === number));
}

function amountAt({ from, to, keep }: NonNullable<SweepPlan['halving']>, rung: number, rungs: number): number {
  // The last rung has all of it, even where the factors do not meet it exactly.
  const amount = rung === rungs - 1 ? to : from * keep ** rung;
  return Number.isInteger(from) && Number.isInteger(to) ? Math.round(amount) : amount;
}

function requirePossible({ halving, space }: SweepPlan, rungs: number): void {
  if (halving === null) return;
  const where = `halving, ${halving.parameter}`;
  if (rungs < 2) {
    throw new PulltrainError('sweep-invalid', {
      what: 'there is nothing to halve',
      where,
      seen: `${halving.from}..${halving.to}, one of ${halving.keep}`,
      cure: `Let it end at ${halving.from * halving.keep} or more.`,
    });
  }
  if (space.some(({ name }) => name === halving.parameter)) {
    throw new PulltrainError('sweep-invalid', { what: 'the parameter that is halved cannot be swept as well', where });
  }
}
