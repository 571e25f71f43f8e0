import { downloadArtifact } from '../../adapters/artifacts/download-artifact.ts';
import type { GitHub } from '../../adapters/github/client.ts';
import type { ModelConfig } from '../../pipelines/config/schema.ts';
import type { RunRecord } from '../../pipelines/contracts/run-record.ts';
import type { SweepPlan, Trial } from '../../pipelines/contracts/sweep.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { SourceTree } from '../../pipelines/ports/source-tree.ts';
import type { TrialOutcome } from '../../pipelines/sweeps/rank-trials.ts';
import { computeRunKey, type RunIdentity } from '../../pipelines/training/compute-run-key.ts';
import { overrideParameters } from '../../pipelines/training/override-parameters.ts';
import { checkClaims } from '../evaluate/check-claims.ts';
import { readRunRecord } from '../evaluate/read-run-record.ts';

export type TracedTrial = { trial: Trial; run: RunRecord; identity: RunIdentity; folder: string };

/** Artifacts of a run in which each trial hands its model over. */
const artifactOf = (number: number) => `pulltrain-trial-${number}`;

/**
 * What a trial handed over, if it is what was asked for: the run's key is recomputed from the commit with the trial's
 * parameters, so that a trial cannot pass for another. A fault of the trial is its outcome; faults of services are thrown.
 */
export async function traceTrial(
  trial: Trial,
  { plan, policy, tree }: { plan: SweepPlan; policy: ModelConfig; tree: SourceTree },
  { owner, repo, runId, folder }: { owner: string; repo: string; runId: number; folder: string },
  github: GitHub,
): Promise<TracedTrial | { outcome: TrialOutcome }> {
  const without = (status: TrialOutcome['status'], note: string, run: RunRecord | null = null) => ({
    outcome: {
      ...trial,
      status,
      value: null,
      interval: null,
      sha256: run?.modelFile?.sha256 ?? null,
      key: null,
      note: note.slice(0, 1000),
    },
  });
  try {
    const name = artifactOf(trial.number);
    const allowed = ['model.onnx', 'run-record.json', 'logs/'];
    await downloadArtifact(github, { owner, repo, runId, name, into: folder, allowed });
    const run = await readRunRecord(folder, plan.model);
    const own = overrideParameters(tree, trial.parameters);
    const identity = await computeRunKey({ name: plan.model, model: policy, tree: own });
    const [problem] = checkClaims(run, identity);
    if (problem === undefined) return { trial, run, identity, folder };
    return without(problem.code === 'run-failed' ? 'failed' : 'refused', problem.message, run);
  } catch (thrown) {
    if (!(thrown instanceof PulltrainError) || /^(git|store|remote)-/.test(thrown.code)) throw thrown;
    return without(thrown.code === 'artifact-missing' ? 'missing' : 'refused', thrown.message);
  }
}
