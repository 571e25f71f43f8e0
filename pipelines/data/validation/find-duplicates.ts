import { z } from 'zod';
import type { Severity } from '../../contracts/data-schema.ts';
import type { CheckResult } from '../../contracts/validation-report.ts';
import type { Tables } from '../../ports/tables.ts';
import { quoteName } from '../../quote-sql.ts';
import { percent } from './compile-checks.ts';
import { printed, shownColumns } from './find-examples.ts';
import type { TypedTable } from './typed-table.ts';

export type UniqueRule = { columns: readonly string[]; mostly: number; severity: Severity };

const foundSchema = z.array(z.object({ keyed: z.number(), surplus: z.number() }));
const cellsSchema = z.array(z.string().nullable());

/**
 * Holds a table against a key: rows beyond the first of each value of the columns together break it. Rows without a value
 * in one of them have no key and are not looked at. Exact, out of core.
 */
export async function findDuplicates(tables: Tables, table: TypedTable, rule: UniqueRule): Promise<CheckResult> {
  const names = rule.columns.map(quoteName);
  const shown = shownColumns(table, rule.columns);
  const there = names.map((name) => `${name} IS NOT NULL`).join(' AND ');
  const cells = shown.map((column) => printed({ raw: quoteName(column.name), sensitive: column.sensitive }));
  const times = table.spare('times');
  const keys = `WITH typed AS (${table.sql}),
keys AS (SELECT ${names.join(', ')}, count(*) AS ${times} FROM typed WHERE ${there} GROUP BY ${names.join(', ')})`;
  const [single] = names;
  const [found] = foundSchema.parse(
    await tables.query(
      names.length === 1
        ? // Half the time of counting each value.
          `WITH typed AS (${table.sql}) SELECT count(${single}) AS keyed, count(${single}) - count(DISTINCT ${single}) AS surplus FROM typed`
        : `${keys} SELECT coalesce(sum(${times}), 0) AS keyed, coalesce(sum(${times} - 1), 0) AS surplus FROM keys`,
    ),
  );
  const of = found?.keyed ?? 0;
  const violations = found?.surplus ?? 0;
  const failed = violations > Math.floor((1 - rule.mostly) * of + 1e-9);
  const worst =
    violations === 0
      ? []
      : await tables.query(
          `${keys} SELECT CAST(to_json([${[`CAST(${times} AS VARCHAR)`, ...cells].join(', ')}]) AS VARCHAR) AS cells
FROM keys WHERE ${times} > 1 ORDER BY ${times} DESC, ${names.join(', ')} LIMIT 5`,
        );
  const worstKeys = worst.map((row) => cellsSchema.parse(JSON.parse(String(row.cells))));
  const hidden = shown.some(({ sensitive }) => sensitive);
  const seen = worstKeys.map(([count, ...key]) => `${JSON.stringify(key.length === 1 ? key[0] : key)} ${count} times`);
  const share = of === 0 ? 0 : violations / of;
  return {
    rule: 'unique',
    columns: [...rule.columns],
    severity: rule.severity,
    status: failed ? 'fail' : 'pass',
    expected: rule.mostly === 1 ? 'no value twice' : `no value twice for ${percent(rule.mostly)} of rows`,
    observed: `${violations} of ${of} rows repeat an earlier one${violations === 0 ? '' : ` (${percent(share)})`}${
      seen.length === 0 || hidden ? '' : `: ${seen.join(', ')}`
    }`,
    violations,
    of,
    examples: failed ? await firstRepeats(tables, table, rule) : [],
  };
}

async function firstRepeats(tables: Tables, table: TypedTable, rule: UniqueRule): Promise<CheckResult['examples']> {
  const names = rule.columns.map(quoteName).join(', ');
  const shown = shownColumns(table, rule.columns);
  const there = rule.columns.map((name) => `${quoteName(name)} IS NOT NULL`).join(' AND ');
  const [row, nth] = [table.spare('row'), table.spare('nth')];
  const rows = await tables.query(
    `WITH typed AS (SELECT *, row_number() OVER () AS ${row} FROM (${table.sql})),
marked AS (SELECT *, row_number() OVER (PARTITION BY ${names} ORDER BY ${row}) AS ${nth} FROM typed WHERE ${there})
SELECT CAST(to_json([${[`CAST(${row} AS VARCHAR)`, ...shown.map(printed)].join(', ')}]) AS VARCHAR) AS cells
FROM marked WHERE ${nth} > 1 ORDER BY ${row} LIMIT 5`,
  );
  return rows.map(({ cells }) => {
    const [number, ...values] = cellsSchema.parse(JSON.parse(String(cells)));
    return { row: Number(number), values: shown.map(({ name }, at) => ({ column: name, value: values[at] ?? null })) };
  });
}
