import { nearestName } from '../../config/nearest-name.ts';
import type { DataSchema } from '../../contracts/data-schema.ts';
import type { CheckResult } from '../../contracts/validation-report.ts';
import type { Tables } from '../../ports/tables.ts';
import type { ReadableTable } from '../read-table.ts';

/** What can be said of a table without looking at its values: columns that lack or are too many, and the count of rows. */
export function shapeChecks(schema: DataSchema, { columns }: ReadableTable, rows: number): CheckResult[] {
  return [...lackingColumns(schema, columns), ...undeclaredColumns(schema, columns), ...rowCount(schema, rows)];
}

type Columns = ReadableTable['columns'];

function lackingColumns({ columns: declared }: DataSchema, columns: Columns): CheckResult[] {
  const present = columns.map(({ name }) => name);
  return Object.entries(declared).flatMap(([name, rules]) => {
    if (rules?.required === false) return [];
    const found = present.includes(name);
    const meant = nearestName(
      name,
      present.filter((one) => !Object.hasOwn(declared, one)),
    );
    const hint = meant === undefined ? '' : `; there is "${meant}"`;
    return [
      tableResult({
        rule: 'present',
        columns: [name],
        severity: rules?.severity ?? 'error',
        failed: !found,
        expected: 'the column is there',
        observed: found ? 'it is there' : `no such column among ${columns.length}${hint}`,
      }),
    ];
  });
}

function undeclaredColumns({ columns: declared, undeclared }: DataSchema, columns: Columns): CheckResult[] {
  if (undeclared === 'allow') return [];
  const strangers = columns.map(({ name }) => name).filter((name) => !Object.hasOwn(declared, name));
  const shown = strangers.slice(0, 10).map((name) => JSON.stringify(name));
  return [
    tableResult({
      rule: 'undeclared',
      columns: strangers.slice(0, 10),
      severity: undeclared === 'warn' ? 'warning' : 'error',
      failed: strangers.length > 0,
      expected: 'only columns that the schema lists',
      observed: strangers.length === 0 ? 'no other' : `${strangers.length} other: ${shown.join(', ')}`,
    }),
  ];
}

function rowCount({ rows: rule }: DataSchema, rows: number): CheckResult[] {
  if (rule === undefined) return [];
  const { min = 0, max = Number.POSITIVE_INFINITY, severity = 'error' } = rule;
  return [
    tableResult({
      rule: 'rows',
      columns: [],
      severity,
      failed: rows < min || rows > max,
      expected: max === Number.POSITIVE_INFINITY ? `at least ${min}` : `${min} to ${max}`,
      observed: String(rows),
    }),
  ];
}

/** Rows of a CSV file that the engine could not read; forgets them, so that the next file starts anew. */
export async function unreadableRows(tables: Tables): Promise<CheckResult[]> {
  const exists = await tables.query("SELECT 1 FROM duckdb_tables() WHERE table_name = 'reject_errors'");
  if (exists.length === 0) return [];
  const found = await tables.query(
    'SELECT DISTINCT line, CAST(error_type AS VARCHAR) AS kind, error_message AS message FROM reject_errors ORDER BY line LIMIT 20',
  );
  await tables.query('DROP TABLE IF EXISTS reject_errors');
  await tables.query('DROP TABLE IF EXISTS reject_scans');
  if (found.length === 0) return [];
  const lines = [...new Set(found.map(({ line }) => Number(line)))];
  const kinds = [...new Set(found.map(({ kind }) => String(kind).toLowerCase()))];
  return [
    {
      ...tableResult({
        rule: 'readable',
        columns: [],
        severity: 'error',
        failed: true,
        expected: 'every line is a row with a value for each column',
        observed: `${lines.length === 20 ? 'at least 20' : lines.length} unreadable lines (${kinds.join(', ')}): line ${lines.slice(0, 5).join(', ')}`,
      }),
      violations: lines.length,
    },
  ];
}

function tableResult(
  parts: Pick<CheckResult, 'rule' | 'columns' | 'severity' | 'expected' | 'observed'> & { failed: boolean },
): CheckResult {
  const { failed, ...rest } = parts;
  return { ...rest, status: failed ? 'fail' : 'pass', violations: failed ? 1 : 0, of: 1, examples: [] };
}
