import { groupColumns } from '../config/group-columns.ts';
import type { ModelConfig } from '../config/schema.ts';
import type { Holdout } from '../contracts/evaluation.ts';
import { tableFormat, tableSource } from '../data/table-source.ts';
import { PulltrainError } from '../errors.ts';
import { integrityOfDocument } from '../integrity.ts';
import type { Tables } from '../ports/tables.ts';
import { quoteName } from '../quote-sql.ts';
import { findClasses } from './find-classes.ts';
import { readPlaces } from './group-codes.ts';
import type { GroupColumn } from './measure-groups.ts';
import { takePart } from './take-part.ts';
import { describeRule, newestSql, windowCondition } from './window-sql.ts';

/**
 * The rows that judge, with every column of their table; `rowColumn` counts them from 0 in the order of the file. Parquet is
 * read where it lies, as often as it is asked for; text is taken in once, beyond the engine's memory onto its disk.
 */
export const holdoutTable = 'pulltrain_holdout';
export const rowColumn = 'row';
const takenIn = 'pulltrain_holdout_file';
/** Names of prediction columns, which no column of the holdout that is grouped by may take. */
export const predictionColumns = [rowColumn, 'label', 'score'];

/** A column with more groups than this is an identifier and no slice. */
const mostGroups = 200;

export type LoadedHoldout = {
  holdout: Holdout;
  /** Every column with its DuckDB type, the target included. */
  columns: Map<string, string>;
  /** Truth in row order: 0 or 1, the place in `classes`, a number or a relevance, as the task is. Multilabel: the target's. */
  labels: Float64Array;
  /** Classes or labels in the order of the scores; empty for tasks without. */
  classes: readonly string[];
  /** Multilabel: truth of every label, 0 or 1, in the order of `classes`. */
  labelColumns?: readonly Float64Array[];
  /** Ranking: which query a row belongs to, counted from 0. */
  queries?: Float64Array;
  groups: GroupColumn[];
};

/**
 * Applies the holdout rule of the default branch to the bytes of its table and makes the rows that judge known as
 * `holdoutTable`. Throws `holdout-columns-missing`, `holdout-empty`, `holdout-labels-invalid` or `holdout-too-many-groups`.
 */
export async function loadHoldout(
  source: { policy: ModelConfig; file: string; dataIntegrity: string },
  tables: Tables,
): Promise<LoadedHoldout> {
  const { policy, file, dataIntegrity } = source;
  const { data, target, time, labels: labelNames, query } = policy.holdout;
  const relation = await takeIn(file, tables);
  const described = await tables.query(`DESCRIBE SELECT * FROM ${relation}`);
  const columns = new Map(described.map((row) => [String(row.column_name), String(row.column_type)]));
  const by = groupColumns(policy);
  requireColumns(policy, by, columns);

  const rule = describeRule(policy.holdout);
  const condition = windowCondition(policy.holdout, await findNewest(policy.holdout, relation, tables));
  const chosen = { rows: `(FROM ${relation} WHERE ${condition})`, columns: [...columns.keys()] };
  const rows = await takePart(policy.holdout, chosen, tables);
  const classes = await findClasses(policy, { type: columns.get(target) ?? '', rows }, tables);
  await tables.query(`CREATE OR REPLACE VIEW ${holdoutTable} AS
SELECT row_number() OVER () - 1 AS "~row", ${classes.label} AS "~label", * FROM ${rows}`);

  const labels = await readNumbers('"~label"', tables);
  requireLabels(labels, policy, { rule, classes: classes.names });
  const labelColumns = policy.task === 'multilabel' ? await readLabels(policy, labelNames ?? [], tables) : undefined;
  const queries = policy.task === 'ranking' ? await readQueries(policy, query, tables) : undefined;
  const span = await readSpan(time, tables);
  const truth = { ...(labelNames && { labels: labelNames }), ...(query !== undefined && { query }) };
  const holdout = {
    data,
    dataIntegrity,
    rule,
    ...span,
    rows: labels.length,
    integrity: integrityOfDocument({ dataIntegrity, rule, target, ...truth, ...span, rows: labels.length }),
  };
  const groups: GroupColumn[] = [];
  for (const name of by) groups.push(await readGroups(name, tables));
  return {
    holdout,
    columns,
    labels,
    classes: classes.names,
    ...(labelColumns && { labelColumns }),
    ...(queries && { queries }),
    groups,
  };
}

/** What stands behind FROM for the table of a file. */
async function takeIn(file: string, tables: Tables): Promise<string> {
  if (tableFormat(file) === 'parquet') return tableSource(file);
  await tables.query(`CREATE OR REPLACE TABLE ${takenIn} AS FROM ${tableSource(file)}`);
  return takenIn;
}

async function findNewest(rule: ModelConfig['holdout'], relation: string, tables: Tables): Promise<string | null> {
  const sql = newestSql(rule, relation);
  if (sql === null) return null;
  const [row] = await tables.query(sql);
  return typeof row?.newest === 'string' ? row.newest : null;
}

/** One number per row, in row order. */
async function readNumbers(sql: string, tables: Tables): Promise<Float64Array> {
  const { value = new Float64Array() } = await tables.columns(`SELECT ${sql} AS value FROM ${holdoutTable}`, ['value']);
  return value;
}

async function readLabels(policy: ModelConfig, names: readonly string[], tables: Tables): Promise<Float64Array[]> {
  const found: Float64Array[] = [];
  for (const name of names) {
    const labels = await readNumbers(`TRY_CAST(${quoteName(name)} AS DOUBLE)`, tables);
    requireYesOrNo(labels, `${name} of ${policy.holdout.data}`);
    found.push(labels);
  }
  return found;
}

async function readQueries({ holdout }: ModelConfig, query: string | undefined, tables: Tables): Promise<Float64Array> {
  if (query === undefined) {
    throw new PulltrainError('holdout-columns-missing', {
      what: 'nothing says which rows are ranked against each other',
      where: holdout.data,
      cure: 'Name the column of the query as `holdout.query` in pulltrain.yml.',
    });
  }
  const value = `CAST(${quoteName(query)} AS VARCHAR)`;
  const { code = new Float64Array() } = await tables.columns(
    `SELECT CASE WHEN query IS NOT NULL THEN dense_rank() OVER (ORDER BY query) - 1 END AS code
FROM (SELECT "~row", ${value} AS query FROM ${holdoutTable}) ORDER BY "~row"`,
    ['code'],
  );
  const missing = code.reduce((count, value) => count + Number(Number.isNaN(value)), 0);
  if (missing === 0) return code;
  throw new PulltrainError('holdout-labels-invalid', {
    what: 'every row of a ranking belongs to a query',
    where: `${query} of ${holdout.data}`,
    seen: `${missing} rows without one`,
  });
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
  const codes = await readPlaces(names, groupText(by), holdoutTable, tables);
  return { by, names, codes };
}

function requireColumns(policy: ModelConfig, by: readonly string[], columns: ReadonlyMap<string, string>): void {
  const { target, time, data, entity = [], labels = [], query } = policy.holdout;
  const wanted = [
    target,
    ...labels,
    ...(query === undefined ? [] : [query]),
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

function requireLabels(
  labels: Float64Array,
  { task, holdout, classes: listed }: ModelConfig,
  { rule, classes }: { rule: string; classes: readonly string[] },
): void {
  const { data, target } = holdout;
  const where = `${target} of ${data}`;
  if (labels.length === 0) {
    throw new PulltrainError('holdout-empty', {
      what: 'no row of the holdout can judge',
      where: data,
      seen: `0 rows with a value of ${target} by the rule "${rule}"`,
      cure: 'Add labelled rows, or change the window in pulltrain.yml on the default branch.',
    });
  }
  if (task === 'multilabel') return;
  if (task === 'binary' && listed === undefined) requireYesOrNo(labels, where);
  const bad = count(labels, (label) => !Number.isFinite(label) || (task === 'ranking' && label < 0));
  if (bad > 0) {
    const wanted = { ranking: 'numbers of 0 and more', regression: 'finite numbers' };
    const isNumber = task === 'ranking' || task === 'regression';
    throw new PulltrainError('holdout-labels-invalid', {
      what: isNumber ? `labels must be ${wanted[task]}` : 'labels must be one of the classes',
      where,
      seen: `${bad} of ${labels.length} rows with another`,
      ...(isNumber ? {} : { allowed: classes.slice(0, 50).join(', ') }),
    });
  }
  const hasClasses = task === 'binary' || task === 'multiclass';
  if (hasClasses && labels.every((label) => label === labels[0])) {
    throw new PulltrainError('holdout-labels-invalid', {
      what: `all ${labels.length} labels are ${classes[labels[0] ?? 0] ?? labels[0]}: a comparison needs ${task === 'binary' ? 'both' : 'several'} classes`,
      where,
    });
  }
}

function requireYesOrNo(labels: Float64Array, where: string): void {
  const bad = count(labels, (label) => label !== 0 && label !== 1);
  if (bad === 0) return;
  throw new PulltrainError('holdout-labels-invalid', {
    what: 'labels must be 0 or 1',
    where,
    seen: `${bad} of ${labels.length} rows with another`,
    cure: 'Other values of a binary target are named as `classes` in pulltrain.yml, the negative one first.',
  });
}

function count(values: Float64Array, test: (value: number) => boolean): number {
  let found = 0;
  for (const value of values) if (test(value)) found += 1;
  return found;
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
