import type { ModelConfig } from '../config/schema.ts';
import type { AnswerKind, Scores } from '../ports/scorer.ts';

/** What a task needs of every row. */
export function answerKindOf(task: ModelConfig['task']): AnswerKind {
  return task === 'multiclass' || task === 'multilabel' ? 'all' : 'one';
}

/** A column for each number that a row is answered with. */
export function toColumns({ values, rows, width }: Scores): Float64Array[] {
  if (width === 1) return [values];
  return Array.from({ length: width }, (_, column) => {
    const own = new Float64Array(rows);
    for (let row = 0; row < rows; row += 1) own[row] = values[row * width + column] ?? Number.NaN;
    return own;
  });
}
