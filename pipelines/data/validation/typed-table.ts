import type { DataSchema } from '../../contracts/data-schema.ts';
import { quoteName } from '../../quote-sql.ts';
import type { ReadableTable } from '../read-table.ts';
import { spareName } from '../spare-name.ts';
import { ruleValue } from './ruled.ts';
import { typedValue } from './typed-value.ts';

/** Names, in the typed table, of what is known of one column of the file. */
export type TypedColumn = {
  name: string;
  /** As the file has it, for printing. */
  raw: string;
  /** True where the value is not of the declared type. */
  bad: string;
  /** True where there is none. */
  missing: string;
  /** Type in the file. */
  type: string;
  sensitive: boolean;
};

export type TypedTable = {
  /** A SELECT whose columns are the typed values by their names and the helpers of every column. */
  sql: string;
  columns: ReadonlyMap<string, TypedColumn>;
  /** A quoted name that no column has, the same for the same word. */
  spare(word: string): string;
};

/** The SELECT that reads every column as the type a schema declares for it, without losing what the file says. */
export function typedTable({ from, columns, textual }: ReadableTable, schema: DataSchema): TypedTable {
  const names = columns.map(({ name }) => name);
  const spare = (word: string) => spareName(names, word);
  const typed = new Map<string, TypedColumn>();
  const parts = columns.flatMap(({ name, type }, index) => {
    const rules = Object.hasOwn(schema.columns, name) ? schema.columns[name] : undefined;
    const column = quoteName(name);
    const sql = typedValue(column, type, ruleValue(rules?.type), textual);
    const helper = (kind: string) => spare(`${kind}${index}`);
    const helpers = { raw: helper('raw'), bad: helper('bad'), missing: helper('missing') };
    typed.set(name, { name, ...helpers, type, sensitive: rules?.sensitive === true });
    return [
      `${sql.value} AS ${column}`,
      `${column} AS ${helpers.raw}`,
      `${sql.bad} AS ${helpers.bad}`,
      `${sql.missing} AS ${helpers.missing}`,
    ];
  });
  return {
    sql: `SELECT ${parts.join(', ')} FROM ${from}`,
    columns: typed,
    spare,
  };
}
