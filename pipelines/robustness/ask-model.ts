import type { ModelConfig } from '../config/schema.ts';
import type { Perturbation } from '../contracts/robustness.ts';
import { PulltrainError } from '../errors.ts';
import { answerKindOf, toColumns } from '../evaluation/answer-columns.ts';
import type { OpenModel, ScoreColumns } from '../ports/scorer.ts';

/** `row`: the first one without an answer, where that is known. */
export type Failure = NonNullable<Perturbation['failure']> & { row?: number };
export type Asked = { scores: readonly Float64Array[] } | { failure: Failure };

/** Crashes after which a model is left alone. */
const mostCrashes = 3;
/** A float32 sigmoid may end a rounding error outside. */
const tolerance = 1e-6;

/** Asks a model what may end it, and goes on with a new process when it does. */
export function openAsker(first: OpenModel, task: ModelConfig['task'], reopen: () => Promise<OpenModel>) {
  let model: OpenModel | null = first;
  let crashes = 0;
  let reason: string | null = null;
  const kind = answerKindOf(task);
  const answer = async (columns: ScoreColumns) => {
    model ??= await reopen();
    return toColumns(await model.score([columns], kind));
  };
  return {
    /** Answers to rows that are as they were. Throws what the port throws. */
    mustAnswer: answer,
    async ask(columns: ScoreColumns): Promise<Asked> {
      try {
        const scores = await answer(columns);
        const failure = findInvalid(scores, task);
        return failure === null ? { scores } : { failure };
      } catch (thrown) {
        if (!(thrown instanceof PulltrainError)) throw thrown;
        const message = thrown.message.slice(0, 500);
        if (thrown.code === 'model-output-invalid' || thrown.code === 'model-inputs-mismatch') {
          return { failure: { kind: 'refused', message } };
        }
        await model?.close();
        model = null;
        crashes += 1;
        // Nobody waits again for a model that has used up its time once.
        if (thrown.code === 'model-timeout') reason = 'the model took too long before';
        else if (crashes >= mostCrashes) reason = `the model crashed ${crashes} times before`;
        return { failure: { kind: 'crash', message } };
      }
    },
    /** Why nothing more is asked, if so. */
    gaveUp: () => reason,
    /** Ends what was opened again; the first one belongs to the caller. */
    async close() {
      if (model !== first) await model?.close();
    },
  };
}

function findInvalid(scores: readonly Float64Array[], task: ModelConfig['task']): Failure | null {
  const bounded = task !== 'regression' && task !== 'ranking';
  return (
    findRows(scores, (score) => !Number.isFinite(score), 'not-finite') ??
    (bounded ? findRows(scores, (score) => score < -tolerance || score > 1 + tolerance, 'out-of-bounds') : null)
  );
}

function findRows(
  scores: readonly Float64Array[],
  isBad: (score: number) => boolean,
  kind: 'not-finite' | 'out-of-bounds',
): Failure | null {
  const bad: number[] = [];
  const count = scores[0]?.length ?? 0;
  for (let row = 0; row < count; row += 1) if (scores.some((column) => isBad(column[row] ?? Number.NaN))) bad.push(row);
  const [row] = bad;
  if (row === undefined) return null;
  const seen = scores.map((column) => column[row]).find((score) => isBad(score ?? Number.NaN));
  const message = `the model answers ${seen} in ${bad.length} of ${count} rows`;
  return { kind, message, rows: bad.length, row };
}
