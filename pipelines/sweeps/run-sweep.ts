import type { SweepPlan, SweepResult, Trial } from '../contracts/sweep.ts';
import type { Clock } from '../ports/clock.ts';
import { countRungs, planRung } from './plan-rung.ts';
import { rankTrials, type TrialOutcome } from './rank-trials.ts';

export type SweepPorts = {
  clock: Clock;
  /** Trains one trial, or finds what an earlier, interrupted sweep has trained; a slot is never used twice at a time. */
  runTrial(trial: Trial, rung: number, slot: number): Promise<TrialOutcome>;
  /** Hears of every rung that begins, trial that ends and result that is ranked. */
  observer: {
    rung(rung: number, rungs: number, trials: readonly Trial[]): void;
    ended(outcome: TrialOutcome, done: number, all: number): void;
  };
  keep(result: SweepResult): Promise<void>;
};

/** Journey: every trial of a sweep on this machine, `jobs` at a time, rung by rung. Returns the ranked rungs. */
export async function runSweep(
  sweep: { id: string; plan: SweepPlan },
  jobs: number,
  ports: SweepPorts,
): Promise<SweepResult[]> {
  const { plan } = sweep;
  const results: SweepResult[] = [];
  const rungs = countRungs(plan);
  for (let rung = 1; rung <= rungs; rung += 1) {
    const trials = planRung(plan, results);
    ports.observer.rung(rung, rungs, trials);
    const outcomes = await runAll(trials, rung, jobs, ports);
    const rankedAt = ports.clock.now().toISOString();
    const result = rankTrials(sweep, rung, outcomes, { basis: 'reported', rankedAt });
    await ports.keep(result);
    results.push(result);
  }
  return results;
}

/** The first fault that is not a trial's own stops the others from starting; those under way are waited for. */
async function runAll(
  trials: readonly Trial[],
  rung: number,
  jobs: number,
  ports: SweepPorts,
): Promise<TrialOutcome[]> {
  const waiting = [...trials];
  const outcomes: TrialOutcome[] = [];
  const work = async (slot: number): Promise<void> => {
    for (let trial = waiting.shift(); trial !== undefined; trial = waiting.shift()) {
      const outcome = await ports.runTrial(trial, rung, slot).catch((fault: unknown) => {
        waiting.length = 0;
        throw fault;
      });
      outcomes.push(outcome);
      ports.observer.ended(outcome, outcomes.length, trials.length);
    }
  };
  const ended = await Promise.allSettled(
    Array.from({ length: Math.min(jobs, trials.length) }, (_, slot) => work(slot)),
  );
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return outcomes;
}
