import { z } from 'zod';
import type { CheckResult } from '../../contracts/validation-report.ts';
import type { Tables } from '../../ports/tables.ts';
import type { Check } from './compile-checks.ts';
import type { TypedColumn, TypedTable } from './typed-table.ts';

type Examples = CheckResult['examples'];

/** Characters of a value that are shown. */
export const longestValue = 80;
/** Columns of a row that are shown. */
const mostColumns = 6;

const cellsSchema = z.array(z.array(z.string().nullable()).min(1));

/** The first rows that break each check, and the values that do so most often, in one scan and one more per such check. */
export async function findExamples(
  tables: Tables,
  table: TypedTable,
  checks: readonly Pick<Check, 'columns' | 'bad' | 'frequent'>[],
): Promise<{ examples: Examples; frequent: string | null }[]> {
  if (checks.length === 0) return [];
  const row = table.spare('row');
  const shown = checks.map(({ columns }) => shownColumns(table, columns));
  const aggregates = checks.map(({ bad }, index) => {
    const cells = [`CAST(${row} AS VARCHAR)`, ...(shown[index] ?? []).map(printed)].join(', ');
    return `CAST(to_json(arg_min([${cells}], ${row}, 5) FILTER (WHERE ${bad})) AS VARCHAR) AS e${index}`;
  });
  const sql = `WITH typed AS (SELECT *, row_number() OVER () AS ${row} FROM (${table.sql})) SELECT ${aggregates.join(', ')} FROM typed`;
  const [found] = await tables.query(sql);
  const answers: { examples: Examples; frequent: string | null }[] = [];
  for (const [index, check] of checks.entries()) {
    const cells = cellsSchema.parse(JSON.parse(String(found?.[`e${index}`] ?? '[]')) ?? []);
    const columns = shown[index] ?? [];
    const examples = cells.map(([number, ...values]) => ({
      row: Number(number),
      values: columns.map(({ name }, at) => ({ column: name, value: values[at] ?? null })),
    }));
    const isHidden = columns.some(({ sensitive }) => sensitive);
    answers.push({ examples, frequent: isHidden ? null : await mostFrequent(tables, table, check) });
  }
  return answers;
}

/** Columns of these names that the table has, as many as are shown. */
export function shownColumns(table: TypedTable, names: readonly string[]): TypedColumn[] {
  return names.flatMap((name) => table.columns.get(name) ?? []).slice(0, mostColumns);
}

/** SQL of the text of a value as the file has it; of a sensitive column only whether there is one. */
export function printed({ raw, sensitive }: Pick<TypedColumn, 'raw' | 'sensitive'>): string {
  if (sensitive) return `CASE WHEN ${raw} IS NULL THEN NULL ELSE '(hidden)' END`;
  const text = `CAST(${raw} AS VARCHAR)`;
  return `CASE WHEN length(${text}) > ${longestValue} THEN left(${text}, ${longestValue - 1}) || '…' ELSE ${text} END`;
}

async function mostFrequent(
  tables: Tables,
  table: TypedTable,
  { bad, frequent }: Pick<Check, 'bad' | 'frequent'>,
): Promise<string | null> {
  if (frequent === null) return null;
  const rows = await tables.query(
    `WITH typed AS (${table.sql}) SELECT ${printed({ raw: frequent, sensitive: false })} AS value, count(*) AS times
FROM typed WHERE ${bad} GROUP BY value ORDER BY times DESC, value LIMIT 5`,
  );
  return rows.map(({ value, times }) => `${JSON.stringify(value)} ${times} times`).join(', ');
}
