import type { ModelConfig } from '../config/schema.ts';
import { PulltrainError } from '../errors.ts';

/** A float32 sigmoid or softmax may end a rounding error outside. */
const tolerance = 1e-6;
/** Of the sum of a row's probabilities, which may come from as little as float16. */
const sumTolerance = 1e-3;

/** Throws `model-output-invalid` when the model says that its scores stand in another order than policy says. */
export function requireOrder(own: readonly string[] | null, classes: readonly string[]): void {
  if (own === null || own.length !== classes.length || own.every((name, at) => name === classes[at])) return;
  if (new Set([...own, ...classes]).size !== classes.length) return;
  throw new PulltrainError('model-output-invalid', {
    what: 'the scores of the model stand in another order than the classes of the configuration',
    seen: own.slice(0, 20).join(', '),
    allowed: classes.slice(0, 20).join(', '),
    cure: 'Give `classes` in pulltrain.yml the order of the model.',
  });
}

/**
 * Holds every score to what its task allows, and brings rounding errors of probabilities back into 0..1. Throws
 * `model-output-invalid`, naming the row.
 */
export function requireScores(
  scores: readonly Float64Array[],
  { task }: Pick<ModelConfig, 'task'>,
  { classes, own }: { classes: readonly string[]; own: readonly string[] | null },
): void {
  const wanted = task === 'multiclass' || task === 'multilabel' ? classes.length : 1;
  if (scores.length !== wanted) {
    throw new PulltrainError('model-output-invalid', {
      what: `the model gives ${scores.length} numbers per row, and there are ${wanted} ${task === 'multilabel' ? 'labels' : 'classes'}`,
      seen: `[N,${scores.length}]`,
      allowed: `[N,${wanted}] in the order ${classes.slice(0, 20).join(', ')}`,
      cure: cureOf(task, { given: scores.length, wanted, own }),
    });
  }
  const probability = task !== 'regression' && task !== 'ranking';
  for (const column of scores) requireColumn(column, probability);
  if (task === 'multiclass') requireSums(scores);
}

function cureOf(
  task: ModelConfig['task'],
  { given, wanted, own }: { given: number; wanted: number; own: readonly string[] | null },
): string {
  if (task === 'multilabel' && given === 2 * wanted) {
    return 'Converters write no for each label and then yes for each: let the model end with a Slice of the second half.';
  }
  const where = task === 'multilabel' ? '`holdout.labels`' : '`classes`';
  const known = own === null ? '' : `; the model's own are ${own.slice(0, 20).join(', ')}`;
  return `Name all of them, in the order of the output, as ${where} in pulltrain.yml${known}.`;
}

function requireColumn(column: Float64Array, probability: boolean): void {
  for (let row = 0; row < column.length; row += 1) {
    const score = column[row] ?? Number.NaN;
    if (!Number.isFinite(score)) throw invalid(`${score} in row ${row}`, probability);
    if (!probability) continue;
    if (score < -tolerance || score > 1 + tolerance) throw invalid(`${score} in row ${row}`, probability);
    if (score < 0) column[row] = 0;
    else if (score > 1) column[row] = 1;
  }
}

function requireSums(scores: readonly Float64Array[]): void {
  const rows = scores[0]?.length ?? 0;
  for (let row = 0; row < rows; row += 1) {
    let sum = 0;
    for (const column of scores) sum += column[row] ?? Number.NaN;
    if (Math.abs(sum - 1) > sumTolerance) {
      throw new PulltrainError('model-output-invalid', {
        what: 'the probabilities of the classes do not add up',
        seen: `a sum of ${sum} in row ${row}`,
        allowed: 'a probability for each class; they add up to 1',
        cure: 'End the model with a softmax.',
      });
    }
  }
}

function invalid(seen: string, probability: boolean): PulltrainError {
  return new PulltrainError('model-output-invalid', {
    what: 'the model does not give one valid score per row',
    seen,
    allowed: probability ? 'a probability from 0 to 1' : 'a finite number',
  });
}
