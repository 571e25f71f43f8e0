import type { ModelConfig } from '../config/schema.ts';
import type { Perturbation, Robustness } from '../contracts/robustness.ts';

/** Answers of a task as columns of scores; see `judgedRowsOf`. */
type Columns = readonly Float64Array[];

/** Of what a move is measured, by task. */
export function unitOf(task: ModelConfig['task']): Robustness['unit'] {
  if (task === 'binary' || task === 'multilabel') return 'probability';
  return task === 'multiclass' ? 'total variation' : 'prediction';
}

/** How far every row moved: of one number its change, of classes half the sum of changes, of labels their mean. */
export function movesOf(task: ModelConfig['task'], before: Columns, after: Columns): Float64Array {
  const share = task === 'multiclass' ? 0.5 : 1 / before.length;
  return Float64Array.from({ length: before[0]?.length ?? 0 }, (_, row) =>
    before.reduce((sum, column, index) => sum + share * Math.abs((after[index]?.[row] ?? 0) - (column[row] ?? 0)), 0),
  );
}

/** `p95`: the smallest move that 95 % of the rows stay at or below. */
export function summarizeMoves(moves: Float64Array): NonNullable<Perturbation['move']> {
  const sorted = moves.toSorted();
  const mean = moves.reduce((sum, move) => sum + move, 0) / moves.length;
  return { mean, p95: sorted[Math.ceil(0.95 * sorted.length) - 1] ?? 0, max: sorted.at(-1) ?? 0 };
}

/** Share of rows that are decided otherwise; null for tasks that decide nothing. */
export function changedShare(
  { task, threshold }: Pick<ModelConfig, 'task' | 'threshold'>,
  before: Columns,
  after: Columns,
): number | null {
  if (task === 'regression' || task === 'ranking') return null;
  const rows = before[0]?.length ?? 0;
  const differs = (row: number) =>
    task === 'multiclass'
      ? mostLikely(before, row) !== mostLikely(after, row)
      : before.some((column, index) => column[row] !== undefined && isYes(column, row) !== isYes(after[index], row));
  const isYes = (column: Float64Array | undefined, row: number) => (column?.[row] ?? 0) >= threshold;
  let changed = 0;
  for (let row = 0; row < rows; row += 1) if (differs(row)) changed += 1;
  return changed / rows;
}

function mostLikely(columns: Columns, row: number): number {
  let best = 0;
  columns.forEach((column, index) => {
    if ((column[row] ?? 0) > (columns[best]?.[row] ?? 0)) best = index;
  });
  return best;
}
