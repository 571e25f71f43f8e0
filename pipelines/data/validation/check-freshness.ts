import { durationSeconds } from '../../config/duration-seconds.ts';
import type { DataSchema } from '../../contracts/data-schema.ts';
import type { CheckResult } from '../../contracts/validation-report.ts';
import type { Tables } from '../../ports/tables.ts';
import { quoteName, quoteText } from '../../quote-sql.ts';
import type { TypedTable } from './typed-table.ts';

/** How old the newest value of a time column is, held against `now` or against the newest value of another column. */
export async function checkFreshness(
  tables: Tables,
  { column, within, against, severity = 'error' }: NonNullable<DataSchema['freshness']>,
  table: TypedTable,
  now: Date,
): Promise<CheckResult> {
  const newest = (name: string) => `max(TRY_CAST(CAST(${quoteName(name)} AS VARCHAR) AS TIMESTAMP))`;
  const isNow = against === 'now';
  const limit = isNow ? `CAST(${quoteText(now.toISOString().slice(0, 19))} AS TIMESTAMP)` : newest(against);
  const [row] = await tables.query(
    `WITH typed AS (${table.sql}), ends AS (SELECT ${newest(column)} AS newest, ${limit} AS "limit" FROM typed)
SELECT CAST(newest AS VARCHAR) AS newest, CAST("limit" AS VARCHAR) AS "limit", epoch("limit") - epoch(newest) AS age FROM ends`,
  );
  const age = typeof row?.age === 'number' ? row.age : null;
  const hidden = table.columns.get(column)?.sensitive === true;
  const seen = hidden ? '(hidden)' : String(row?.newest);
  return {
    rule: 'freshness',
    columns: isNow ? [column] : [column, against],
    severity,
    status: age !== null && age <= durationSeconds(within) ? 'pass' : 'fail',
    expected: `newest value at most ${within} before ${isNow ? 'now' : `the newest of ${against}`}`,
    observed: age === null ? 'no value that is a time' : `newest ${seen}, ${days(age)} before ${String(row?.limit)}`,
    violations: age !== null && age <= durationSeconds(within) ? 0 : 1,
    of: 1,
    examples: [],
  };
}

function days(seconds: number): string {
  return Math.abs(seconds) < 172_800
    ? `${Math.round(seconds / 360) / 10} h`
    : `${Math.round(seconds / 8640) / 10} days`;
}
