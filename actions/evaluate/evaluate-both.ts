import { join } from 'node:path';
import { type Measurer, openMeasurer } from '../../adapters/measuring/open-measurer.ts';
import { integrityOfFile } from '../../adapters/workspace/integrity-of-file.ts';
import type { ModelConfig } from '../../pipelines/config/schema.ts';
import type { Evaluation } from '../../pipelines/contracts/evaluation.ts';
import type { Explanation } from '../../pipelines/contracts/explanation.ts';
import type { Problem } from '../../pipelines/contracts/judgement.ts';
import type { RunRecord } from '../../pipelines/contracts/run-record.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { drawRows } from '../../pipelines/evaluation/draw-rows.ts';
import type { LoadedHoldout } from '../../pipelines/evaluation/load-holdout.ts';
import { measureModel, SEED } from '../../pipelines/evaluation/measure-model.ts';
import { type ScoreResult, scoreModel } from '../../pipelines/evaluation/score-model.ts';
import type { RowSample } from '../../pipelines/explanation/draw-sample.ts';
import { type ExplainedSide, explainHoldout } from '../../pipelines/explanation/explain-holdout.ts';
import { briefSizes, mostBriefInputs } from '../../pipelines/explanation/explanation-sizes.ts';
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
): Promise<{ base: Evaluation | null; head: Evaluation | null; warnings: Problem[] }> {
  const { model, policy, run, loaded, base, runDirectory, directory } = subject;
  const warnings: Problem[] = [];
  if (loaded === null || run === null || run.status !== 'succeeded') return { base: null, head: null, warnings };

  await using measurer = openMeasurer(base === null ? 1 : 2);
  await using models = openModels(scorer);
  const [headGate, baseGate] = openGate(base === null ? 1 : 2, timed);
  const common = { model, policy, loaded, sample: drawRows(loaded) };
  const sides: Sides = { common, directory, tables, models, measure: measurer.measure };
  const { attempt } = problems;
  const modelPath = join(runDirectory, 'model.onnx');
  const own = startSide({ side: 'head', modelPath, gate: headGate, attempt }, sides);
  const other =
    base === null
      ? null
      : startSide({ side: 'base', modelPath: base.modelPath, gate: baseGate, attempt: (work) => work() }, sides);
  const explaining = explainBoth(common, own.scored, other?.scored ?? null, warnings);
  try {
    const head = await attempt(() => own.evaluated);
    if (head === null) return { base: null, head: null, warnings };
    if (head.sha256 !== run.modelFile?.sha256) problems.add(otherFile(head.sha256, run));
    const found = base === null || other === null ? null : await attempt(() => other.evaluated, toldOf(base));
    const explanation = await explaining;
    return {
      base: found === null || other === null ? null : await withSeconds(found, other.scored),
      head: await withSeconds({ ...head, ...(explanation && { explanation }) }, own.scored),
      warnings,
    };
  } finally {
    await Promise.allSettled([own.evaluated, other?.evaluated, explaining]);
  }
}

type Common = { model: string; policy: ModelConfig; loaded: LoadedHoldout; sample: RowSample };

type SideSubject = {
  side: 'head' | 'base';
  modelPath: string;
  gate: Gate | undefined;
  /** How a failure is taken that leaves the evaluation as it is. */
  attempt<Result>(work: () => Promise<Result>): Promise<Result | null>;
};

type Sides = {
  common: Common;
  directory: string;
  tables: Tables;
  models: OpenModels;
  measure: Measurer['measure'];
};

type Scored = { open: OpenModel; result: ScoreResult };

/** One model from its file to its evaluation, begun at once; nobody has to listen for a failure. */
function startSide(subject: SideSubject, sides: Sides): { scored: Promise<Scored>; evaluated: Promise<Evaluation> } {
  const scored = scoreSide(subject, sides);
  const evaluated = scored.then((found) => evaluateSide(found, subject, sides));
  evaluated.catch(() => {});
  return { scored, evaluated };
}

async function scoreSide(
  { modelPath, gate }: SideSubject,
  { common: { sample, ...common }, tables, models }: Sides,
): Promise<Scored> {
  const timed = async () => gate?.come();
  try {
    const open = await models.open(modelPath);
    return { open, result: await scoreModel({ ...common, sample: sample.rows }, { tables, model: open, timed }) };
  } finally {
    // One that fails before it is timed is not waited for.
    void timed();
  }
}

/** What is measured of a model; of the head also the profile that its release will be watched against. */
async function evaluateSide(
  { open, result }: Scored,
  { side, modelPath, attempt }: SideSubject,
  { common: { sample, ...common }, directory, tables, models, measure }: Sides,
): Promise<Evaluation> {
  const predictions = join(directory, `${side}.parquet`);
  const measureIt = async () => {
    const ports = { tables, integrityOfFile, measure };
    const evaluation = await measureModel({ ...common, side, predictions }, result, ports);
    if (side === 'head') await writeProfile({ ...common, evaluation, file: join(directory, 'profile.json') }, tables);
    return evaluation;
  };
  const stressed = { ...common, rows: sample.rows, observed: result.observed, seed: SEED };
  const [evaluation, robustness] = await allDone([
    measureIt(),
    attempt(() => measureRobustness(stressed, open, () => models.open(modelPath))),
  ]);
  return { ...evaluation, ...(robustness && { robustness }) };
}

/** What both models go by; null with a warning when that cannot be told, which is no reason not to judge. */
async function explainBoth(
  common: Common,
  own: Promise<Scored>,
  other: Promise<Scored> | null,
  warnings: Problem[],
): Promise<Explanation | null> {
  const [head, base] = await Promise.all([sideOf(own), sideOf(other)]);
  if (head === null || head.open.description.inputs.length > mostBriefInputs) return null;
  try {
    return await explainHoldout({ ...common, seed: SEED }, { head, base }, briefSizes);
  } catch (thrown) {
    if (!(thrown instanceof PulltrainError)) throw thrown;
    warnings.push({
      code: thrown.code,
      message: `What the model goes by could not be told: ${thrown.message}`.slice(0, 4000),
    });
    return null;
  }
}

/** Null for a model that could not be scored, which is told elsewhere. */
async function sideOf(scored: Promise<Scored> | null): Promise<ExplainedSide | null> {
  const found = await scored?.catch(() => null);
  return found ? { open: found.open, columns: found.result.observed.columns } : null;
}

async function withSeconds(evaluation: Evaluation, scored: Promise<Scored>): Promise<Evaluation> {
  const { open } = await scored;
  return evaluation.cost === undefined
    ? evaluation
    : { ...evaluation, cost: { ...evaluation.cost, modelSeconds: open.seconds() } };
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
