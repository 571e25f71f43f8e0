import type { TableColumn } from '../data/open-table.ts';
import { PulltrainError } from '../errors.ts';
import type { Tables } from '../ports/tables.ts';
import { quoteName, quoteText } from '../quote-sql.ts';
import { findColumn, keySql, readValues } from './read-values.ts';
import type { Context, Decision } from './settle-decision.ts';

/** A column with more values than this is an identifier, and no group. */
const MOST_VALUES = 5000;

/** Temporary table of the rows: `why` they are left out (0: they are not), `label`, `head`, `base`, `score`, `base_score`. */
export const rowsTable = 'pulltrain_fairness';

/** Why a row is left out, by its number in `why`. */
export const leftOutReasons = ['', 'no label', 'no decision', 'no score', 'nothing of the base'];

/** A column that groups: the values behind its codes, 0 and up; the code after the last one means missing. */
export type CodedColumn = { name: string; code: string; values: string[] };

/** Keeps what fairness is counted from, one coded column for every name. Throws `fairness-too-many-groups`. */
export async function loadFairnessRows(
  decision: Decision,
  names: readonly string[],
  { columns, source, tables }: Context,
): Promise<CodedColumn[]> {
  const coded: CodedColumn[] = [];
  const codes: string[] = [];
  for (const [at, name] of [...new Set(names)].entries()) {
    const column = findColumn(name, columns, 'by');
    const values = await readValues(column, source, MOST_VALUES, tables);
    if (values.length > MOST_VALUES) {
      throw new PulltrainError('fairness-too-many-groups', {
        what: 'the column has too many values to be groups',
        where: name,
        allowed: `${MOST_VALUES} at most`,
        cure: 'Cut numbers into bands in a column of their own.',
      });
    }
    codes.push(`${await codeSql(column, values, `pulltrain_fairness_${at}`, tables)} AS ${quoteName(`g${at}`)}`);
    coded.push({ name, code: `g${at}`, values });
  }
  const { label, head, base, score, baseScore } = decision;
  const inner = [
    `${label} AS label`,
    `${head} AS head`,
    `${base ?? 'NULL'} AS base`,
    `${score ?? 'NULL'} AS score`,
    `${baseScore ?? 'NULL'} AS base_score`,
    ...codes,
  ];
  const why = [
    'CASE WHEN label IS NULL THEN 1 WHEN head IS NULL THEN 2',
    score === null ? '' : 'WHEN score IS NULL THEN 3',
    base === null ? '' : 'WHEN base IS NULL THEN 4',
    baseScore === null ? '' : 'WHEN base_score IS NULL THEN 4',
    'ELSE 0 END',
  ].join(' ');
  await tables.query(
    `CREATE OR REPLACE TEMP TABLE ${rowsTable} AS SELECT *, ${why} AS why FROM (SELECT ${inner.join(', ')} FROM ${source})`,
  );
  return coded;
}

/** The code of a value by an enumeration, which the engine looks up without a join and so keeps the order of the rows. */
async function codeSql(column: TableColumn, values: readonly string[], type: string, tables: Tables): Promise<string> {
  if (values.length === 0) return '0';
  await tables.query(`DROP TYPE IF EXISTS ${type}`);
  await tables.query(`CREATE TYPE ${type} AS ENUM (${values.map(quoteText).join(', ')})`);
  return `coalesce(enum_code(CAST(${keySql(column)} AS ${type})), ${values.length})`;
}
