import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTables } from '../../adapters/duckdb/open-tables.ts';
import { fetchRef } from '../../adapters/git/fetch-ref.ts';
import type { GitHub } from '../../adapters/github/client.ts';
import { openScorer } from '../../adapters/onnx/open-scorer.ts';
import { openCommitTree } from '../../adapters/source-tree/open-commit-tree.ts';
import type { SweepResult } from '../../pipelines/contracts/sweep.ts';
import { loadHoldout } from '../../pipelines/evaluation/load-holdout.ts';
import type { Clock } from '../../pipelines/ports/clock.ts';
import type { Ledger } from '../../pipelines/ports/ledger.ts';
import { rankTrials, type TrialOutcome } from '../../pipelines/sweeps/rank-trials.ts';
import { fetchHoldout } from '../evaluate/fetch-data.ts';
import { readDefaultBranch } from '../evaluate/read-default-branch.ts';
import type { TrustedJob } from '../open-trusted-job.ts';
import type { TrialsRun } from './parse-event.ts';
import { readSweep } from './read-sweep.ts';
import { traceTrial } from './trace-trial.ts';
import { validationPolicy } from './validation-policy.ts';
import { type Verification, verifyTrial } from './verify-trial.ts';

export type RankRequest = TrustedJob['place'] & { run: TrialsRun };

export type RankPorts = { github: GitHub; ledger: Ledger; clock: Clock; say(line: string): void };

/**
 * Journey "sweep", on the trusted side:
 *
 * 1. which sweep the run is of, from the ledger: its plan, and with the rungs before it, which trials there are
 * 2. policy and validation rows from the default branch
 * 3. every trial: its artifact as hostile data, its key recomputed with its parameters, its model measured by us
 * 4. the rank of each, and the winner of the last rung
 *
 * Null when the ledger does not know the sweep or the run is of another branch.
 */
export async function main(
  request: RankRequest,
  { github, ledger, clock, say }: RankPorts,
): Promise<{ directory: string; result: SweepResult } | null> {
  const { owner, repo, run, checkout, token, temporary } = request;
  const sweep = await readSweep(run, ledger);
  if (sweep === null) {
    say(`Nobody asked for sweep ${run.id}, rung ${run.rung}, on the branch of this run, so nothing is ranked.`);
    return null;
  }
  const { plan, trials } = sweep;
  const branch = await readDefaultBranch(checkout, request.commit, { config: request.config, model: plan.model });
  const policy = validationPolicy(branch.policy);
  const folder = await mkdtemp(join(temporary, 'pulltrain-rank-'));
  const tables = await openTables({ temporaryDirectory: join(folder, 'duckdb') });
  try {
    let verification: Verification | null = null;
    if (policy !== null) {
      const { file, integrity } = await fetchHoldout(policy.holdout.data, branch.pointers, {
        remote: request.holdoutRemote,
        folder,
      });
      const loaded = await loadHoldout({ policy, file, dataIntegrity: integrity }, tables);
      const scorer = await openScorer();
      if (scorer.enclosure !== 'closed')
        say(`This machine cannot close in the process that opens the models: ${scorer.enclosure}.`);
      say(`${loaded.holdout.rows} rows of validation: ${loaded.holdout.rule}`);
      verification = { policy, loaded, tables, scorer, dataRemote: request.dataRemote, leaks: new Map() };
    }
    await fetchRef(checkout, plan.commit, { token, depth: 1 });
    await using tree = await openCommitTree(checkout, plan.commit);
    const outcomes: TrialOutcome[] = [];
    for (const trial of trials) {
      const place = { owner, repo, runId: run.runId, folder: join(folder, `trial-${trial.number}`) };
      const traced = await traceTrial(trial, { plan, policy: branch.policy, tree }, place, github);
      const outcome = 'outcome' in traced ? traced.outcome : await verifyTrial(traced, { plan, tree }, verification);
      await rm(place.folder, { recursive: true, force: true });
      say(`Trial ${trial.number}: ${outcome.value ?? outcome.status} ${outcome.note.replace(/\s+/g, ' ')}`);
      outcomes.push(outcome);
    }
    const basis = verification === null ? 'reported' : 'verified';
    const rankedAt = clock.now().toISOString();
    const result = rankTrials({ id: run.id, plan }, run.rung, outcomes, { basis, rankedAt });
    const directory = join(temporary, `pulltrain-sweep-${run.runId}`);
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'sweep-result.json'), `${JSON.stringify(result, null, 2)}\n`);
    return { directory, result };
  } finally {
    tables.close();
    await rm(folder, { recursive: true, force: true });
  }
}
