import type { Tensor } from 'onnxruntime-node';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { AnswerKind, ModelTensor } from '../../pipelines/ports/scorer.ts';

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
    allowed: 'a float tensor [N], [N,1] or [N,k], named probability where there are several',
    ...(outputs.some(({ type }) => type === 'not a tensor')
      ? { cure: "Convert a classifier with options={'zipmap': False}, so that its probabilities are a tensor." }
      : {}),
  });
}

/** One score per row: a column, or the second column of two. */
export function toScores(output: Tensor, rows: number): Float64Array {
  return toAnswers(output, rows, 'one').values;
}

/** What every row is answered with, row after row; `one` as in `toScores`. Throws `model-output-invalid`. */
export function toAnswers(output: Tensor, rows: number, kind: AnswerKind): { values: Float64Array; width: number } {
  const { data, dims } = output;
  if (kind === 'all' && dims.length === 3 && dims[1] === rows && dims[2] === 2) return toLabels(output, rows);
  const columns = dims.length === 1 ? 1 : (dims[1] ?? 0);
  const fits = dims.length <= 2 && dims[0] === rows && columns > 0 && (kind === 'all' || columns <= 2);
  if (!fits || !isFloats(data)) throw misshapen(output, rows, kind);
  if (kind === 'all' || columns === 1) return { values: new Float64Array(data), width: columns };
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) values[row] = data[2 * row + 1] ?? Number.NaN;
  return { values, width: 1 };
}

/** Of `[k,N,2]` the second of each two, row after row. */
function toLabels(output: Tensor, rows: number): { values: Float64Array; width: number } {
  const { data, dims } = output;
  const [width = 0] = dims;
  if (!isFloats(data) || width === 0) throw misshapen(output, rows, 'all');
  const values = new Float64Array(rows * width);
  for (let label = 0; label < width; label += 1) {
    for (let row = 0; row < rows; row += 1)
      values[row * width + label] = data[2 * (label * rows + row) + 1] ?? Number.NaN;
  }
  return { values, width };
}

function isFloats(data: Tensor['data']): data is Float32Array | Float64Array {
  return data instanceof Float32Array || data instanceof Float64Array;
}

function misshapen({ dims, type }: Tensor, rows: number, kind: AnswerKind): PulltrainError {
  return new PulltrainError('model-output-invalid', {
    what: `the output for ${rows} rows has the wrong shape`,
    seen: `[${dims.join(',')}] of ${type}`,
    allowed: kind === 'all' ? `[${rows},k] of floats` : `[${rows}], [${rows},1] or [${rows},2] of floats`,
  });
}
