import type { Conclusion, RunRecord } from '../model/records.ts';
import { announceRun } from './announce.ts';
import type { Engine } from './engine.ts';

/** Ends a run: the last event of a run, and the next of its concurrency group starts. */
export function finishRun(engine: Engine, run: RunRecord, conclusion: Conclusion): void {
  if (run.status === 'completed') return;
  run.status = 'completed';
  run.conclusion = conclusion;
  announceRun(engine, run, 'completed');
  if (run.concurrencyGroup !== null) engine.groups.leave(run.concurrencyGroup, run.id);
}
