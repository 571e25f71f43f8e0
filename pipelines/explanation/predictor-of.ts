import type { ModelConfig } from '../config/schema.ts';
import { PulltrainError } from '../errors.ts';
import { answerKindOf } from '../evaluation/answer-columns.ts';
import type { OpenModel, ScoreColumns } from '../ports/scorer.ts';
import type { FeatureColumns, Predictor } from './predictor.ts';

const batchRows = 8192;

/**
 * An open model as an explanation sees it: one output `score`, or one for each of `classes` where the task answers with several.
 * Probabilities are held to 0..1, which a float32 may leave by a rounding error. Throws `model-output-invalid` for answers that
 * are no numbers, besides what the model throws.
 */
export function predictorOf(
  model: Pick<OpenModel, 'score'>,
  { task, classes }: { task: ModelConfig['task']; classes: readonly string[] },
): Predictor {
  const kind = answerKindOf(task);
  const outputs = kind === 'all' ? classes : ['score'];
  const bounded = task !== 'regression' && task !== 'ranking';
  return {
    outputs,
    async predict(columns) {
      const { values, width } = await model.score(batches(columns), kind);
      const bad = values.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0 || width !== outputs.length) {
        throw new PulltrainError('model-output-invalid', {
          what: 'the model does not answer the rows that an explanation asks for',
          seen: bad >= 0 ? `${values[bad]} in row ${Math.floor(bad / width)}` : `${width} numbers per row`,
          allowed: `${outputs.length} finite numbers per row`,
        });
      }
      return bounded ? values.map((value) => Math.min(1, Math.max(0, value))) : values;
    },
  };
}

function* batches(columns: FeatureColumns): Generator<ScoreColumns> {
  const rows = Object.values(columns)[0]?.length ?? 0;
  if (rows <= batchRows) return yield columns;
  for (let from = 0; from < rows; from += batchRows) {
    yield Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [name, column.slice(from, from + batchRows)]),
    );
  }
}
