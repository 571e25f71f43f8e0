import type { Task } from '../../contracts/evaluation.ts';
import type { OpenTable } from '../../data/open-table.ts';
import { PulltrainError } from '../../errors.ts';
import type { Tables } from '../../ports/tables.ts';
import { guessTask } from './guess-task.ts';
import type { PredictionsAsk } from './predictions-ask.ts';
import { predictionsView } from './read-numbers.ts';
import { readValues } from './read-values.ts';
import { type NeededColumn, requireValues } from './require-values.ts';
import { type ResolvedColumns, resolveColumns } from './resolve-columns.ts';
import { type ReadTask, taskReaders } from './task-readers.ts';

const everyRow = 'pulltrain_predictions_file';

export type PredictionsTable = ReadTask & {
  task: Task;
  columns: ResolvedColumns;
  /** Rows that were left out because they lack a value. */
  dropped: number;
};

/**
 * Truth and answers out of a table that somebody else's model filled. Throws `column-missing`, `predictions-empty`,
 * `predictions-incomplete`, `predictions-not-numbers`, `label-invalid`, `classes-unclear` or `task-unclear`.
 */
export async function readPredictionsTable(
  ask: PredictionsAsk,
  { source, columns: all }: Pick<OpenTable, 'source' | 'columns'>,
  tables: Tables,
): Promise<PredictionsTable> {
  const columns = resolveColumns(ask, all);
  await tables.query(
    `CREATE OR REPLACE TEMP VIEW ${everyRow} AS SELECT row_number() OVER () - 1 AS "~file", * FROM ${source}`,
  );
  const [label] = columns.label;
  if (label === undefined) throw new PulltrainError('usage', { what: '--label is missing' });
  const [counted = {}] = await tables.query(`SELECT count(*) AS rows FROM ${everyRow}`);
  requireRows(Number(counted.rows ?? 0), 'the table has no row');
  const task =
    ask.task ??
    guessTask(ask, columns, { values: await readValues(label, everyRow, tables), rows: Number(counted.rows) });
  const place = { relation: everyRow, rowNumber: '"~file"', dropMissing: ask.dropMissing };
  const { missing, count: dropped } = await requireValues(neededColumns(columns, task), place, tables);
  requireRows(Number(counted.rows) - dropped, 'no row is complete');
  const kept = dropped === 0 ? everyRow : `(SELECT * FROM ${everyRow} WHERE NOT (${missing}))`;
  const numbered = dropped === 0 ? '"~file"' : 'row_number() OVER () - 1';
  await tables.query(`CREATE OR REPLACE TEMP VIEW ${predictionsView} AS SELECT ${numbered} AS "~row", * FROM ${kept}`);
  const read = await taskReaders[task](ask, columns, label, tables);
  return { task, columns, dropped, ...read };
}

function neededColumns({ label, score, prediction, query, id }: ResolvedColumns, task: Task): NeededColumn[] {
  const isValue = task === 'regression' || task === 'ranking';
  return [
    ...label.map((column) => ({ column, option: 'label', asNumber: isValue })),
    ...score.map((column) => ({ column, option: 'score', asNumber: true })),
    ...prediction.map((column) => ({ column, option: 'prediction', asNumber: isValue })),
    ...(query === null ? [] : [{ column: query, option: 'query', asNumber: false }]),
    ...(id === null ? [] : [{ column: id, option: 'id', asNumber: false }]),
  ];
}

function requireRows(rows: number, what: string): void {
  if (rows > 0) return;
  throw new PulltrainError('predictions-empty', { what, seen: '0 rows', cure: 'A model cannot be judged on nothing.' });
}
