import { PulltrainError } from '../../pipelines/errors.ts';
import type { Predictor } from '../../pipelines/explanation/predictor.ts';
import type { RunningModel } from '../models/start-model.ts';
import { feedsOf } from './columns-of.ts';

/** Rows of one run: some milliseconds, which a request that comes meanwhile waits at most. */
const batchRows = 1024;

/** The scores of a running model, for so long. Throws `explanation-timeout` after that, and `model-failed`. */
export function openPredictor(
  model: Pick<RunningModel, 'inputs' | 'run'>,
  { milliseconds }: { milliseconds: number },
): Predictor {
  const started = performance.now();
  return {
    outputs: ['score'],
    async predict(columns) {
      const rows = Object.values(columns)[0]?.length ?? 0;
      const scores = new Float64Array(rows);
      for (let from = 0; from < rows; from += batchRows) {
        if (performance.now() - started > milliseconds) {
          throw new PulltrainError('explanation-timeout', {
            what: 'the explanation took too long',
            allowed: `${milliseconds} ms`,
            cure: 'Ask for fewer rows.',
          });
        }
        const to = Math.min(rows, from + batchRows);
        const batch = await model.run(feedsOf(model.inputs, columns, [from, to]), to - from, []);
        scores.set(batch.scores, from);
      }
      if (scores.every(Number.isFinite)) return scores;
      throw new PulltrainError('model-failed', {
        what: 'the model gives no number for a row that an explanation needs',
      });
    },
  };
}
