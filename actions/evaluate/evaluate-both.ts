import { join } from 'node:path';
import { type Measurer, openMeasurer } from '../../adapters/measuring/open-measurer.ts';
import { integrityOfFile } from '../../adapters/workspace/integrity-of-file.ts';
import type { ModelConfig } from '../../pipelines/config/schema.ts';
import type { Evaluation } from '../../pipelines/contracts/evaluation.ts';
import type { RunRecord } from '../../pipelines/contracts/run-record.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { drawRows } from '../../pipelines/evaluation/draw-rows.ts';
import type { LoadedHoldout } from '../../pipelines/evaluation/load-holdout.ts';
import { measureModel, SEED } from '../../pipelines/evaluation/measure-model.ts';
import { scoreModel } from '../../pipelines/evaluation/score-model.ts';
import type { OpenModel, Scorer } from '../../pipelines/ports/scorer.ts';
import type { Tables } from '../../pipelines/ports/tables.ts';
import { measureRobustness } from '../../pipelines/robustness/measure-robustness.ts';
import { allDone } from './all-done.ts';
import type { Problems } from './collect-problems.ts';
import type { BaseModel } from './fetch-base.ts';
import { type Gate, openGate } from './open-gate.ts';
import type { TracedChange } from './trace-change.ts';
import { writeProfile } from './write-profile.ts';

export type BothSubject = {
  model: string;
  policy: ModelConfig;
  run: RunRecord | null;
  traced: TracedChange | null;
  loaded: LoadedHoldout | null;
  base: BaseModel | null;
  runDirectory: string;
  /** Folder that is handed over. */
  directory: string;
  /** Folder for what is not. */
  folder: string;
  dataRemote: string;
};

/**
 * Scores candidate and base on the same rows. `timed` is told when latencies have been taken, and other work may begin:
 * from then on the models answer one after the other while what the first one said is measured in another thread.
 */
export async function evaluateBoth(
  subject: BothSubject,
  { tables, scorer, timed }: { tables: Tables; scorer: Scorer; timed: () => void },
  problems: Problems,
): Promise<{ base: Evaluation | null; head: Evaluation | null }> {
  const { model, policy, run, loaded, base, runDirectory, directory } = subject;
  if (loaded === null) return { base: null, head: null };
  if (run === null || run.status !== 'succeeded') return { base: null, head: null };

  await using measurer = openMeasurer(base === null ? 1 : 2);
  await using models = openModels(scorer);
  const [headGate, baseGate] = openGate(base === null ? 1 : 2, timed);
  const sides: Sides = { common: { model, policy, loaded }, directory, tables, models, measure: measurer.measure };

  const beside =
    base === null
      ? null
      : evaluateSide({ side: 'base', modelPath: base.modelPath, gate: baseGate, attempt: (work) => work() }, sides);
  beside?.catch(() => {});
  try {
    const modelPath = join(runDirectory, 'model.onnx');
    const { attempt } = problems;
    const head = await attempt(() => evaluateSide({ side: 'head', modelPath, gate: headGate, attempt }, sides));
    if (head === null) return { base: null, head: null };
    if (head.sha256 !== run.modelFile?.sha256) problems.add(otherFile(head.sha256, run));
    if (base === null || beside === null) return { base: null, head };
    return { base: await problems.attempt(() => beside, toldOf(base)), head };
  } finally {
    await Promise.allSettled([beside]);
  }
}

type SideSubject = {
  side: 'head' | 'base';
  modelPath: string;
  gate: Gate | undefined;
  /** How a failure is taken that leaves the evaluation as it is. */
  attempt<Result>(work: () => Promise<Result>): Promise<Result | null>;
};

type Sides = {
  common: { model: string; policy: ModelConfig; loaded: LoadedHoldout };
  directory: string;
  tables: Tables;
  models: OpenModels;
  measure: Measurer['measure'];
};

/** One model from its file to its evaluation; of the head also the profile that its release will be watched against. */
async function evaluateSide(
  { side, modelPath, gate, attempt }: SideSubject,
  { common, directory, tables, models, measure }: Sides,
): Promise<Evaluation> {
  const { rows } = drawRows(common.loaded);
  const timed = async () => gate?.come();
  const score = async () => {
    const open = await models.open(modelPath);
    return { open, result: await scoreModel({ ...common, sample: rows }, { tables, model: open, timed }) };
  };
  // One that fails before it is timed is not waited for.
  const { open, result } = await score().finally(() => void timed());
  const predictions = join(directory, `${side}.parquet`);
  const measureIt = async () => {
    const evaluation = await measureModel({ ...common, side, predictions }, result, {
      tables,
      integrityOfFile,
      measure,
    });
    if (side === 'head') await writeProfile({ ...common, evaluation, file: join(directory, 'profile.json') }, tables);
    return evaluation;
  };
  const [evaluation, robustness] = await allDone([
    measureIt(),
    attempt(() =>
      measureRobustness({ ...common, rows, observed: result.observed, seed: SEED }, open, () => models.open(modelPath)),
    ),
  ]);
  return { ...evaluation, ...(robustness && { robustness }) };
}

type OpenModels = AsyncDisposable & Pick<Scorer, 'open'>;

/** Opens models that are all closed in the end. */
function openModels(scorer: Scorer): OpenModels {
  const opened: OpenModel[] = [];
  return {
    async open(modelPath) {
      const model = await scorer.open(modelPath);
      opened.push(model);
      return model;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((model) => model.close()));
    },
  };
}

function toldOf({ name }: BaseModel): (error: PulltrainError) => string {
  return ({ message }) => `${name}, the base to compare with: ${message}`;
}

function otherFile(actual: string, { modelFile }: RunRecord) {
  const { message } = new PulltrainError('model-mismatch', {
    what: 'the model file is not the one that the training run recorded',
    seen: `sha256 ${actual.slice(0, 12)}`,
    allowed: `sha256 ${modelFile?.sha256.slice(0, 12) ?? 'none'}`,
    cure: 'Push again.',
  });
  return { code: 'model-mismatch', message };
}
