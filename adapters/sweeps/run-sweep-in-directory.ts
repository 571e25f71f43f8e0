import { join, resolve } from 'node:path';
import type { SweepPlan, SweepResult } from '../../pipelines/contracts/sweep.ts';
import { integrityHex, integrityOfDocument } from '../../pipelines/integrity.ts';
import { outcomeOfRun } from '../../pipelines/sweeps/outcome-of-run.ts';
import { runSweep, type SweepPorts } from '../../pipelines/sweeps/run-sweep.ts';
import { snapshot } from '../git/snapshot.ts';
import { treeOf } from '../git/tree-of.ts';
import { keepRun } from '../training/keep-run.ts';
import { newRunId } from '../training/new-run-id.ts';
import type { PipelineSurroundings } from '../training/open-pipeline-ports.ts';
import { trainInDirectory } from '../training/train-in-directory.ts';
import { writeParameters } from '../training/write-parameters.ts';
import { openSlots } from './open-slots.ts';
import { openSweepFolder } from './open-sweep-folder.ts';

export type SweepRequest = {
  /** Root of the checkout. */
  directory: string;
  config: string;
  dataRemote: string;
  /** Trials at a time. */
  jobs: number;
  /** Train everything again, whatever an earlier sweep of the same plan has trained. */
  afresh: boolean;
  invocation: string;
};

/**
 * Runs a sweep in copies of a checkout and keeps all of it below `.pulltrain/sweeps`. The same plan on the same files is the
 * same sweep: one that was interrupted goes on where it was, one that has ended is only read.
 */
export async function runSweepInDirectory(
  plan: SweepPlan,
  request: SweepRequest,
  surroundings: PipelineSurroundings & { sweep: SweepPorts['observer'] & { resumed(): void } },
): Promise<{ id: string; folder: string; results: SweepResult[] }> {
  const { config, dataRemote, jobs, afresh, invocation } = request;
  const directory = resolve(request.directory);
  const { clock, signal, sweep } = surroundings;
  const commit = await snapshot(directory);
  const id = integrityHex(integrityOfDocument({ plan, files: await treeOf(directory, commit) })).slice(0, 12);
  await using folder = await openSweepFolder(directory, id, plan, { afresh });
  if (folder.begun) sweep.resumed();
  await using slots = await openSlots(directory, folder.copies, commit);

  const results = await runSweep({ id, plan }, jobs, {
    clock,
    observer: sweep,
    keep: folder.keep,
    async runTrial(trial, rung, slot) {
      const known = await folder.recall(rung, trial.number);
      if (known !== null) return outcomeOfRun(trial, known, plan.metric);
      const copy = await slots.prepare(slot);
      await writeParameters(copy, trial.parameters);
      const out = folder.trial(rung, trial.number);
      const record = await trainInDirectory(
        {
          directory: copy,
          config,
          model: plan.model,
          dataRemote,
          out,
          jobs: 1,
          force: afresh,
          id: newRunId(),
          invocation,
        },
        surroundings,
      );
      // A stage that a person has ended says nothing about its parameters.
      signal?.throwIfAborted();
      await keepRun(directory, record, join(out, 'logs'));
      return outcomeOfRun(trial, record, plan.metric);
    },
  });
  return { id, folder: folder.path, results };
}
