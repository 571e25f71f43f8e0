import { join } from 'node:path';
import { integrityOfFile } from '../../adapters/workspace/integrity-of-file.ts';
import type { ModelConfig } from '../../pipelines/config/schema.ts';
import type { Evaluation } from '../../pipelines/contracts/evaluation.ts';
import type { RunRecord } from '../../pipelines/contracts/run-record.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { drawRows } from '../../pipelines/evaluation/draw-rows.ts';
import type { LoadedHoldout } from '../../pipelines/evaluation/load-holdout.ts';
import { measureModel, SEED } from '../../pipelines/evaluation/measure-model.ts';
import { type ScoreResult, scoreModel } from '../../pipelines/evaluation/score-model.ts';
import type { OpenModel, Scorer } from '../../pipelines/ports/scorer.ts';
import type { Tables } from '../../pipelines/ports/tables.ts';
import { measureRobustness } from '../../pipelines/robustness/measure-robustness.ts';
import { allDone } from './all-done.ts';
import type { Problems } from './collect-problems.ts';
import type { BaseModel } from './fetch-base.ts';
import { lookForLeaks } from './look-for-leaks.ts';
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
 * Scores candidate and base on the same rows, and looks for rows of the holdout in what either was trained on. `scored` is
 * told when latencies have been taken, and other work may begin.
 */
export async function evaluateBoth(
  subject: BothSubject,
  { tables, scorer, scored }: { tables: Tables; scorer: Scorer; scored: () => void },
  problems: Problems,
): Promise<{ base: Evaluation | null; head: Evaluation | null }> {
  const { model, policy, run, loaded, base, runDirectory, directory } = subject;
  if (loaded === null) return { base: null, head: null };
  const ports = { tables, integrityOfFile };
  const common = { model, policy, loaded };
  await lookForLeaks(subject, loaded, tables, problems);
  if (run === null || run.status !== 'succeeded') return { base: null, head: null };

  const opened: OpenModel[] = [];
  const { rows } = drawRows(loaded);
  const score = async (modelPath: string) => {
    const open = await scorer.open(modelPath);
    opened.push(open);
    return { open, modelPath, result: await scoreModel({ ...common, sample: rows }, { tables, model: open }) };
  };
  const stress = ({ open, modelPath, result: { observed } }: Scored) =>
    measureRobustness({ ...common, rows, observed, seed: SEED }, open, () => scorer.open(modelPath));
  try {
    // Both are scored before anything is measured: nothing else works while latencies are taken.
    const [headScored, baseScored] = await allDone([
      problems.attempt(() => score(join(runDirectory, 'model.onnx'))),
      base === null ? Promise.resolve(null) : problems.attempt(() => score(base.modelPath), toldOf(base)),
    ]);
    scored();
    if (headScored === null) return { base: null, head: null };
    const head = await problems.attempt(() =>
      measureModel({ ...common, predictions: join(directory, 'head.parquet') }, headScored.result, ports),
    );
    if (head === null) return { base: null, head: null };
    if (head.sha256 !== run.modelFile?.sha256) problems.add(otherFile(head.sha256, run));
    const [robustness] = await allDone([
      problems.attempt(() => stress(headScored)),
      writeProfile({ model, policy, evaluation: head, file: join(directory, 'profile.json') }, tables),
    ]);
    const found = { ...head, ...(robustness && { robustness }) };
    if (base === null || baseScored === null) return { base: null, head: found };
    const baseFound = await problems.attempt(async () => {
      const [measured, borne] = await allDone([
        measureModel({ ...common, predictions: join(directory, 'base.parquet') }, baseScored.result, ports),
        stress(baseScored),
      ]);
      return { ...measured, robustness: borne };
    }, toldOf(base));
    return { base: baseFound, head: found };
  } finally {
    await Promise.all(opened.map((model) => model.close()));
  }
}

type Scored = { open: OpenModel; modelPath: string; result: ScoreResult };

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
