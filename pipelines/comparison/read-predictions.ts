import type { Evaluation } from '../contracts/evaluation.ts';
import { PulltrainError } from '../errors.ts';
import { predictionColumns } from '../evaluation/load-holdout.ts';
import type { GroupColumn } from '../evaluation/measure-groups.ts';
import type { Tables } from '../ports/tables.ts';
import { quoteName, quoteText } from '../quote-sql.ts';
import type { PairedPredictions } from './compare-evaluations.ts';

/**
 * Reads the prediction files of both models and pairs them by row. Throws `holdout-mismatch` when rows or labels are not
 * the same, and `predictions-invalid` when a file does not hold what its evaluation says.
 */
export async function readPredictions(
  { head, base, by }: { head: File; base: File | null; by: readonly string[] },
  tables: Tables,
): Promise<PairedPredictions> {
  const after = await readColumns(head, tables);
  const before = base === null ? null : await readColumns(base, tables);
  if (before !== null && !(same(before.row, after.row) && same(before.label, after.label))) {
    throw new PulltrainError('holdout-mismatch', {
      what: 'the predictions of base and head are not of the same rows',
      seen: `${before.row.length} and ${after.row.length} rows`,
      cure: 'Evaluate both models on the same holdout.',
    });
  }
  const groups: GroupColumn[] = [];
  for (const name of by) groups.push(await readGroups(head.path, name, tables));
  return { labels: after.label, base: before?.score ?? null, head: after.score, groups };
}

type File = { path: string; evaluation: Evaluation };
type Columns = { row: Float64Array; label: Float64Array; score: Float64Array };

async function readColumns({ path, evaluation }: File, tables: Tables): Promise<Columns> {
  const list = predictionColumns.map((name) => `CAST(${name} AS DOUBLE) AS ${name}`).join(', ');
  const { row, label, score } = await tables.columns(
    `SELECT ${list} FROM read_parquet(${quoteText(path)})`,
    predictionColumns,
  );
  const { rows } = evaluation.predictions;
  const complete = [row, label, score].every((column) => column?.length === rows && !column.some(Number.isNaN));
  const ordered = row?.every((value, at) => value === at) ?? false;
  if (row === undefined || label === undefined || score === undefined || !complete || !ordered) {
    throw new PulltrainError('predictions-invalid', {
      what: 'the predictions are not complete',
      where: evaluation.predictions.path,
      seen: `${row?.length ?? 0} rows`,
      allowed: `${rows} rows in holdout order, each with a label and a score`,
    });
  }
  return { row, label, score };
}

async function readGroups(path: string, by: string, tables: Tables): Promise<GroupColumn> {
  const relation = `read_parquet(${quoteText(path)})`;
  const found = await tables.query(`SELECT DISTINCT ${quoteName(by)} AS name FROM ${relation} ORDER BY name`);
  const names = found.map(({ name }) => String(name));
  const { code: codes = new Float64Array() } = await tables.columns(
    `SELECT list_position([${names.map(quoteText).join(', ')}], ${quoteName(by)}) - 1 AS code FROM ${relation}`,
    ['code'],
  );
  return { by, names, codes };
}

function same(left: Float64Array, right: Float64Array): boolean {
  return left.length === right.length && left.every((value, at) => value === right[at]);
}
