import { z } from 'zod';
import type { CheckResult } from '../../contracts/validation-report.ts';
import type { Tables } from '../../ports/tables.ts';
import { countWhere } from '../count-where.ts';
import type { Check } from './compile-checks.ts';
import { percent } from './compile-checks.ts';
import { findExamples } from './find-examples.ts';
import type { TypedTable } from './typed-table.ts';

/** Checks of one scan; a longer list is cut, because one statement cannot grow without end. */
const mostOfOneScan = 500;
/** Broken rules of which rows are shown. */
const mostWithExamples = 40;

const countedSchema = z.record(z.string(), z.union([z.number(), z.string(), z.null()]));

/**
 * Holds a typed table against row rules: all counts in one scan, and a second one for rows of those that are broken.
 * Returns the number of rows and a result for each check, in their order.
 */
export async function countChecks(
  tables: Tables,
  table: TypedTable,
  checks: readonly Check[],
): Promise<{ rows: number; results: CheckResult[] }> {
  const counted: Record<string, string | number | null> = {};
  for (let start = 0; start === 0 || start < checks.length; start += mostOfOneScan) {
    const part = checks.slice(start, start + mostOfOneScan);
    const aggregates = part.flatMap(({ bad, of, observed }, index) => [
      `${countWhere(bad)} AS bad${start + index}`,
      `${countWhere(of)} AS of${start + index}`,
      ...(observed === null ? [] : [`${observed} AS seen${start + index}`]),
    ]);
    const sql = `WITH typed AS (${table.sql}) SELECT ${['count(*) AS "rows"', ...aggregates].join(', ')} FROM typed`;
    const [row] = z.array(countedSchema).parse(await tables.query(sql));
    Object.assign(counted, row);
  }
  const results = checks.map((check, index) => {
    const violations = Number(counted[`bad${index}`] ?? 0);
    const of = Number(counted[`of${index}`] ?? 0);
    const hidden = check.columns.some((name) => table.columns.get(name)?.sensitive === true);
    const seen = hidden && check.rule !== 'missing' ? null : (counted[`seen${index}`] ?? null);
    return { check, index, result: judge(check, { violations, of, seen }) };
  });
  const broken = results.filter(({ check, result }) => result.status === 'fail' && check.rule !== 'missing');
  const shown = await findExamples(
    tables,
    table,
    broken.slice(0, mostWithExamples).map(({ check }) => check),
  );
  for (const [index, { result }] of broken.slice(0, mostWithExamples).entries()) {
    const found = shown[index];
    if (found === undefined) continue;
    result.examples = found.examples;
    if (found.frequent !== null) result.observed = `${result.observed}: ${found.frequent}`;
  }
  return { rows: Number(counted.rows ?? 0), results: results.map(({ result }) => result) };
}

function judge(
  check: Check,
  { violations, of, seen }: { violations: number; of: number; seen: string | number | null },
): CheckResult {
  const { rule, columns, severity, mostly, expected } = check;
  const allowed = Math.floor((1 - mostly) * of + 1e-9);
  const share = of === 0 ? 0 : violations / of;
  const count = `${violations} of ${of}${violations === 0 ? '' : ` (${percent(share)})`}`;
  const counted = rule === 'missing' && seen !== null ? `${violations} of ${of}` : count;
  return {
    rule,
    columns,
    severity,
    status: violations > allowed ? 'fail' : 'pass',
    expected: rule === 'missing' || mostly === 1 ? expected : `${expected} for ${percent(mostly)} of values`,
    observed: seen === null ? count : `${counted}, ${seen}`,
    violations,
    of,
    examples: [],
  };
}
