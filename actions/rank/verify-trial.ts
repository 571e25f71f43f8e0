import { join } from 'node:path';
import { integrityOfFile } from '../../adapters/workspace/integrity-of-file.ts';
import type { ModelConfig } from '../../pipelines/config/schema.ts';
import type { SweepPlan } from '../../pipelines/contracts/sweep.ts';
import { listPointers } from '../../pipelines/data/list-pointers.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { evaluateModel } from '../../pipelines/evaluation/evaluate-model.ts';
import { findLeaks } from '../../pipelines/evaluation/find-leaks.ts';
import type { LoadedHoldout } from '../../pipelines/evaluation/load-holdout.ts';
import { integrityOfDocument } from '../../pipelines/integrity.ts';
import type { Scorer } from '../../pipelines/ports/scorer.ts';
import type { SourceTree } from '../../pipelines/ports/source-tree.ts';
import type { Tables } from '../../pipelines/ports/tables.ts';
import { outcomeOfRun } from '../../pipelines/sweeps/outcome-of-run.ts';
import type { TrialOutcome } from '../../pipelines/sweeps/rank-trials.ts';
import { fetchTrainingData } from '../evaluate/fetch-data.ts';
import type { TracedTrial } from './trace-trial.ts';

/** What trials are measured with; `leaks` remembers what was found in training data that several trials share. */
export type Verification = {
  policy: ModelConfig;
  loaded: LoadedHoldout;
  tables: Tables;
  scorer: Scorer;
  dataRemote: string;
  leaks: Map<string, string>;
};

/** The value of a trial: measured here on the validation rows, or, without any, what its own program reported. */
export async function verifyTrial(
  { trial, run, identity, folder }: TracedTrial,
  { plan, tree }: { plan: SweepPlan; tree: SourceTree },
  verification: Verification | null,
): Promise<TrialOutcome> {
  if (verification === null) return outcomeOfRun(trial, run, plan.metric);
  const { policy, loaded, tables, scorer } = verification;
  const refused = (note: string): TrialOutcome => ({
    ...trial,
    status: 'refused',
    value: null,
    interval: null,
    sha256: run.modelFile?.sha256 ?? null,
    key: identity.key,
    note: note.slice(0, 1000),
  });
  const leak = await findLeak(identity.sources, tree, folder, verification);
  if (leak !== '') return refused(leak);
  try {
    const subject = { model: plan.model, policy, loaded, predictions: join(folder, 'predictions.parquet') };
    const modelPath = join(folder, 'model.onnx');
    const { evaluation } = await evaluateModel(
      { ...subject, modelPath, robustness: false },
      { tables, scorer, integrityOfFile },
    );
    const primary = evaluation.metrics.find(({ name }) => name === policy.metrics.primary);
    if (primary === undefined || primary.value === null)
      return refused(`No ${policy.metrics.primary} could be measured.`);
    return {
      ...trial,
      status: 'ranked',
      value: primary.value,
      interval: primary.interval,
      sha256: evaluation.sha256,
      key: identity.key,
      note: '',
    };
  } catch (thrown) {
    if (thrown instanceof PulltrainError) return refused(thrown.message);
    throw thrown;
  }
}

async function findLeak(
  sources: TracedTrial['identity']['sources'],
  tree: SourceTree,
  folder: string,
  { policy, loaded, tables, dataRemote, leaks }: Verification,
): Promise<string> {
  const data = sources.filter(({ origin }) => origin === 'pointer');
  const name = integrityOfDocument(data);
  const known = leaks.get(name);
  if (known !== undefined) return known;
  const pointers = await listPointers(
    tree,
    data.map(({ path }) => path),
  );
  const found = await findLeaks(
    'The trial',
    await fetchTrainingData(data, pointers, { remote: dataRemote, folder }),
    { holdout: loaded.holdout, time: policy.holdout.time, entity: [policy.holdout.entity ?? []].flat() },
    tables,
  );
  const note = found.map(({ message }) => message).join(' ');
  leaks.set(name, note);
  return note;
}
