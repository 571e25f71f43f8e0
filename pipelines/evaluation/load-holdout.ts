import type { ModelConfig } from '../config/schema.ts';
import type { Holdout } from '../contracts/evaluation.ts';
import { tableSource } from '../data/table-source.ts';
import { PulltrainError } from '../errors.ts';
import { integrityOfDocument } from '../integrity.ts';
import type { Tables } from '../ports/tables.ts';
import { quoteName, quoteText } from '../quote-sql.ts';
import type { GroupColumn } from './measure-groups.ts';
import { describeRule, windowCondition } from './window-sql.ts';

/** The table of the rows that judge; `rowColumn` counts them from 0 in the order of the file. */
export const holdoutTable = 'pulltrain_holdout';
export const rowColumn = 'row';
/** Names of prediction columns, which no column of the holdout that is grouped by may take. */
export const predictionColumns = [rowColumn, 'label', 'score'];

/** A column with more groups than this is an identifier and no slice. */
const mostGroups = 200;

export type LoadedHoldout = {
  holdout: Holdout;
  /** Every column with its DuckDB type, the target included. */
  columns: Map<string, string>;
  labels: Float64Array;
  /** Classes or labels in the order of the scores; empty for tasks without. */
  classes: readonly string[];
  groups: GroupColumn[];
};

/**
 * Applies the holdout rule of the default branch to the bytes of its table and keeps the rows that judge as a
 * table. Throws `holdout-columns-missing`, `holdout-empty`, `holdout-labels-invalid` or `holdout-too-many-groups`.
 */
export async function loadHoldout(
  source: { policy: ModelConfig; file: string; dataIntegrity: string },
  tables: Tables,
): Promise<LoadedHoldout> {
  const { policy, file, dataIntegrity } = source;
  const { data, target, time } = policy.holdout;
  const relation = tableSource(file);
  const described = await tables.query(`DESCRIBE SELECT * FROM ${relation}`);
  const columns = new Map(described.map((row) => [String(row.column_name), String(row.column_type)]));
  const by = [...new Set([...policy.protected, ...policy.slices])];
  requireColumns(policy, by, columns);

  const rule = describeRule(policy.holdout);
  await tables.query(`CREATE OR REPLACE TABLE ${holdoutTable} AS
SELECT row_number() OVER () - 1 AS "~row", TRY_CAST(${quoteName(target)} AS DOUBLE) AS "~label", *
FROM ${relation} WHERE ${windowCondition(policy.holdout, relation)}`);
  const { '~label': labels = new Float64Array() } = await tables.columns(`SELECT "~label" FROM ${holdoutTable}`, [
    '~label',
  ]);
  requireLabels(labels, policy, rule);
  const span = await readSpan(time, tables);
  const holdout = {
    data,
    dataIntegrity,
    rule,
    ...span,
    rows: labels.length,
    integrity: integrityOfDocument({ dataIntegrity, rule, target, ...span, rows: labels.length }),
  };
  const groups: GroupColumn[] = [];
  for (const name of by) groups.push(await readGroups(name, tables));
  return { holdout, columns, labels, classes: [], groups };
}

/** Text of a group column, with missing values as a group of their own. */
export function groupText(name: string): string {
  return `coalesce(CAST(${quoteName(name)} AS VARCHAR), '(missing)')`;
}

async function readGroups(by: string, tables: Tables): Promise<GroupColumn> {
  const found = await tables.query(
    `SELECT DISTINCT ${groupText(by)} AS name FROM ${holdoutTable} ORDER BY name LIMIT ${mostGroups + 1}`,
  );
  const names = found.map(({ name }) => String(name));
  if (names.length > mostGroups) {
    throw new PulltrainError('holdout-too-many-groups', {
      what: 'the column has too many values to compare groups of it',
      where: by,
      allowed: `${mostGroups} groups at most`,
    });
  }
  const list = names.map(quoteText).join(', ');
  const { code: codes = new Float64Array() } = await tables.columns(
    `SELECT list_position([${list}], ${groupText(by)}) - 1 AS code FROM ${holdoutTable}`,
    ['code'],
  );
  return { by, names, codes };
}

function requireColumns(policy: ModelConfig, by: readonly string[], columns: ReadonlyMap<string, string>): void {
  const { target, time, data, entity = [] } = policy.holdout;
  const wanted = [
    target,
    ...(time === undefined ? [] : [time]),
    ...(typeof entity === 'string' ? [entity] : entity),
    ...by,
  ];
  const missing = wanted.filter((name) => !columns.has(name));
  const reserved = by.filter((name) => predictionColumns.includes(name));
  if (missing.length === 0 && reserved.length === 0) return;
  throw new PulltrainError('holdout-columns-missing', {
    what:
      missing.length > 0
        ? `the holdout has no column ${missing.join(', ')}`
        : `groups cannot be made by a column named ${reserved.join(', ')}`,
    where: data,
    seen: `columns ${[...columns.keys()].join(', ')}`,
    cure: 'Correct holdout, protected or slices in pulltrain.yml, or add the column to the table.',
  });
}

function requireLabels(labels: Float64Array, policy: ModelConfig, rule: string): void {
  const { data, target } = policy.holdout;
  if (labels.length === 0) {
    throw new PulltrainError('holdout-empty', {
      what: 'no row of the holdout can judge',
      where: data,
      seen: `0 rows with a value of ${target} by the rule "${rule}"`,
      cure: 'Add labelled rows, or change the window in pulltrain.yml on the default branch.',
    });
  }
  const invalid = (what: string) =>
    new PulltrainError('holdout-labels-invalid', { what, where: `${target} of ${data}` });
  const isBinary = policy.task === 'binary';
  const bad = labels.find((label) => (isBinary ? label !== 0 && label !== 1 : !Number.isFinite(label)));
  if (bad !== undefined) throw invalid(isBinary ? 'labels must be 0 or 1' : 'labels must be finite numbers');
  if (isBinary && labels.every((label) => label === labels[0])) {
    throw invalid(`all ${labels.length} labels are ${labels[0]}: a comparison needs both classes`);
  }
}

async function readSpan(time: string | undefined, tables: Tables): Promise<{ from: string | null; to: string | null }> {
  if (time === undefined) return { from: null, to: null };
  const at = `CAST(${quoteName(time)} AS TIMESTAMP)`;
  const [row] = await tables.query(
    `SELECT strftime(min(${at}), '%Y-%m-%d') AS first, strftime(max(${at}), '%Y-%m-%d') AS last FROM ${holdoutTable}`,
  );
  const day = (cell: unknown) => (typeof cell === 'string' ? cell : null);
  return { from: day(row?.first), to: day(row?.last) };
}
