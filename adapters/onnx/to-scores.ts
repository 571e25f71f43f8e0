import type { Tensor } from 'onnxruntime-node';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { ModelTensor } from '../../pipelines/ports/scorer.ts';

const floats = ['float32', 'float64'];

/** The output that holds the score: `probability`, `probabilities`, or the first one of floats. */
export function chooseOutput(outputs: readonly ModelTensor[]): ModelTensor {
  const candidates = outputs.filter(({ type }) => floats.includes(type));
  const chosen =
    candidates.find(({ name }) => name === 'probability') ??
    candidates.find(({ name }) => name === 'probabilities') ??
    candidates[0];
  if (chosen !== undefined) return chosen;
  throw new PulltrainError('model-output-invalid', {
    what: 'no output holds scores',
    seen: outputs.map(({ name, type }) => `${name}: ${type}`).join(', ') || 'no outputs',
    allowed: 'a float tensor [N], [N,1] or [N,2], named probability where there are several',
  });
}

/** One score per row: a column, or the second column of two. */
export function toScores(output: Tensor, rows: number): Float64Array {
  const { data, dims } = output;
  const columns = dims.length === 1 ? 1 : dims[1];
  const fits = dims.length <= 2 && dims[0] === rows && (columns === 1 || columns === 2);
  if (!fits || !(data instanceof Float32Array || data instanceof Float64Array)) {
    throw new PulltrainError('model-output-invalid', {
      what: `the output for ${rows} rows has the wrong shape`,
      seen: `[${dims.join(',')}] of ${output.type}`,
      allowed: `[${rows}], [${rows},1] or [${rows},2] of floats`,
    });
  }
  if (columns === 1) return Float64Array.from(data);
  return Float64Array.from({ length: rows }, (_, row) => data[2 * row + 1] ?? Number.NaN);
}
