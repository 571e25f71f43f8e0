import type { Holdout } from '../contracts/evaluation.ts';
import type { Problem } from '../contracts/judgement.ts';
import type { TableShape } from '../contracts/pointer.ts';
import { tableSource } from '../data/table-source.ts';
import type { Tables } from '../ports/tables.ts';
import { quoteName } from '../quote-sql.ts';
import { holdoutTable } from './load-holdout.ts';

/** Data that went into a training run: what its pointer claims, and its bytes where they are at hand. */
export type TrainingData = {
  path: string;
  integrity: string;
  claimed: TableShape['time'] | null;
  /** Local table file, or null. */
  file: string | null;
};

export type LeakRule = {
  holdout: Holdout;
  time: string | undefined;
  /** Columns that together name an entity; none when empty. */
  entity: readonly string[];
};

/**
 * Problems for training data that holds rows of the holdout's window, or entities of its rows, so that the model has seen
 * what judges it. Bytes decide where they are at hand; otherwise the pointer's own claim does. Data without a time column
 * or the columns of the entity cannot be told. The rows that judge are in the table that `loadHoldout` made.
 */
export async function findLeaks(
  who: string,
  data: readonly TrainingData[],
  rule: LeakRule,
  tables: Tables,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const one of data) {
    const shared = await describeEntities(one, rule, tables);
    if (shared !== null) {
      problems.push({
        code: 'holdout-leak',
        message: `${who} was trained on entities that judge it: ${one.path} ${shared}. Split by ${rule.entity.join(', ')}, so that no entity is on both sides.`,
      });
    }
    const seen = await describeOverlap(one, rule, tables);
    if (seen === null) continue;
    const span = `${rule.holdout.from} to ${rule.holdout.to}`;
    problems.push({
      code: 'holdout-leak',
      message: `${who} was trained on rows that judge it: ${one.path} ${seen}, and the holdout is ${span}. Train on data that ends before it.`,
    });
  }
  return problems;
}

async function describeOverlap(
  { integrity, claimed, file }: TrainingData,
  { holdout, time }: LeakRule,
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

/** How many entities of the holdout a table also has, in words; null for none, or when it does not have the columns. */
async function describeEntities(
  { file, integrity }: TrainingData,
  { entity, holdout }: LeakRule,
  tables: Tables,
): Promise<string | null> {
  if (entity.length === 0 || file === null || integrity === holdout.dataIntegrity) return null;
  const relation = tableSource(file);
  const columns = await tables.query(`DESCRIBE SELECT * FROM ${relation}`);
  if (!entity.every((name) => columns.some(({ column_name: column }) => column === name))) return null;
  const names = entity.map((name) => `CAST(${quoteName(name)} AS VARCHAR)`);
  const keys = (from: string) =>
    `SELECT DISTINCT [${names.join(', ')}] AS entity FROM ${from} WHERE ${names.map((name) => `${name} IS NOT NULL`).join(' AND ')}`;
  const [row] = await tables.query(
    `SELECT count(*) AS all_of_them, count(*) FILTER (WHERE entity IN (${keys(relation)})) AS shared FROM (${keys(holdoutTable)})`,
  );
  const shared = Number(row?.shared ?? 0);
  return shared === 0 ? null : `has ${shared} of the ${row?.all_of_them} values of ${entity.join(', ')} in the holdout`;
}

/** Rows of a table inside the days of the window; null when the table has no such time column. */
async function countInside(
  file: string,
  time: string,
  { from, to }: { from: string; to: string },
  tables: Tables,
): Promise<number | null> {
  const relation = tableSource(file);
  const columns = await tables.query(`DESCRIBE SELECT * FROM ${relation}`);
  if (!columns.some(({ column_name: name }) => name === time)) return null;
  const [row] = await tables.query(
    `SELECT count(*) AS rows FROM ${relation} WHERE TRY_CAST(${quoteName(time)} AS DATE) BETWEEN CAST($1 AS DATE) AND CAST($2 AS DATE)`,
    [from, to],
  );
  return Number(row?.rows ?? 0);
}
