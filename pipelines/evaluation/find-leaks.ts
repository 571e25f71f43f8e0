import type { Holdout } from '../contracts/evaluation.ts';
import type { Problem } from '../contracts/judgement.ts';
import type { TableShape } from '../contracts/pointer.ts';
import { quoteName } from '../monitoring/quote-sql.ts';
import type { Tables } from '../ports/tables.ts';
import { tableRelation } from './table-relation.ts';

/** Data that went into a training run: what its pointer claims, and its bytes where they are at hand. */
export type TrainingData = {
  path: string;
  integrity: string;
  claimed: TableShape['time'] | null;
  /** Local table file, or null. */
  file: string | null;
};

/**
 * Problems for training data that holds rows of the holdout's window, so that the model has seen what judges it. Bytes
 * decide where they are at hand; otherwise the pointer's own claim does. Data without a time column cannot be told.
 */
export async function findLeaks(
  who: string,
  data: readonly TrainingData[],
  window: { holdout: Holdout; time: string | undefined },
  tables: Tables,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const one of data) {
    const seen = await describeOverlap(one, window, tables);
    if (seen === null) continue;
    const span = `${window.holdout.from} to ${window.holdout.to}`;
    problems.push({
      code: 'holdout-leak',
      message: `${who} was trained on rows that judge it: ${one.path} ${seen}, and the holdout is ${span}. Train on data that ends before it.`,
    });
  }
  return problems;
}

async function describeOverlap(
  { integrity, claimed, file }: TrainingData,
  { holdout, time }: { holdout: Holdout; time: string | undefined },
  tables: Tables,
): Promise<string | null> {
  if (integrity === holdout.dataIntegrity) return 'is the holdout itself';
  const { from, to } = holdout;
  if (from === null || to === null || time === undefined) return null;
  const rows = file === null ? null : await countInside(file, time, { from, to }, tables);
  if (rows !== null) return rows === 0 ? null : `has ${rows} rows inside it`;
  const overlaps = claimed !== null && claimed !== undefined && claimed.from <= to && claimed.to >= from;
  return overlaps ? `reaches from ${claimed.from} to ${claimed.to}` : null;
}

/** Rows of a table inside the days of the window; null when the table has no such time column. */
async function countInside(
  file: string,
  time: string,
  { from, to }: { from: string; to: string },
  tables: Tables,
): Promise<number | null> {
  const relation = tableRelation(file);
  const columns = await tables.query(`DESCRIBE SELECT * FROM ${relation}`);
  if (!columns.some(({ column_name: name }) => name === time)) return null;
  const [row] = await tables.query(
    `SELECT count(*) AS rows FROM ${relation} WHERE TRY_CAST(${quoteName(time)} AS DATE) BETWEEN CAST($1 AS DATE) AND CAST($2 AS DATE)`,
    [from, to],
  );
  return Number(row?.rows ?? 0);
}
