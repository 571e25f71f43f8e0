import { PulltrainError } from '../../pipelines/errors.ts';
import type { ModelTensor, ScoreColumns } from '../../pipelines/ports/scorer.ts';
import { supportedTypes } from './encode-column.ts';

/** Every input must be one column `[N]` or `[N,1]` that is there; all faults are told at once. */
export function requireColumns(inputs: readonly ModelTensor[], columns: ScoreColumns): void {
  const faults = inputs.flatMap((input) => {
    const { name, type, shape } = input;
    const [rows, width] = shape;
    const isColumn = rows === -1 && (shape.length === 1 || (shape.length === 2 && (width === 1 || width === -1)));
    return [
      Object.hasOwn(columns, name) ? [] : [`no column ${name}`],
      supportedTypes.some((supported) => supported === type) ? [] : [`input ${name} is of type ${type}`],
      isColumn ? [] : [`input ${name} has the shape [${shape.map((size) => (size === -1 ? 'N' : size)).join(',')}]`],
    ].flat();
  });
  if (inputs.length === 0) faults.push('the model has no inputs');
  if (faults.length === 0) return;
  throw new PulltrainError('model-inputs-mismatch', {
    what: 'the inputs of the model do not fit the rows',
    seen: faults.slice(0, 20).join('; '),
    allowed: `one tensor [N] or [N,1] per column; the rows have ${Object.keys(columns).join(', ')}`,
  });
}
