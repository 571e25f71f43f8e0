import type { DataSchema } from '../../contracts/data-schema.ts';
import { PulltrainError } from '../../errors.ts';
import type { Tables } from '../../ports/tables.ts';
import { checkExpression } from './check-expression.ts';
import type { Check } from './compile-checks.ts';
import { ruleValue } from './ruled.ts';
import type { TypedTable } from './typed-table.ts';

/**
 * The rules of a schema over several columns, and a look at everything in the schema that only the engine can judge.
 * Rules over a declared column that the table lacks are left out: the missing column is told by itself. Throws
 * `schema-refused` with every fault.
 */
export async function compileRules(
  tables: Tables,
  schema: DataSchema,
  table: TypedTable,
  schemaPath: string,
): Promise<Check[]> {
  const present = [...table.columns.keys()];
  const known = [...new Set([...present, ...Object.keys(schema.columns)])];
  const faults: string[] = [];
  const attempt = async <Value>(work: () => Promise<Value>): Promise<Value | null> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PulltrainError)) throw error;
      faults.push(error.message);
      return null;
    }
  };
  for (const [name, rules] of Object.entries(schema.columns)) {
    const pattern = ruleValue(rules?.pattern);
    if (pattern !== undefined) await attempt(() => checkPattern(tables, pattern, `columns.${name}.pattern`));
  }
  faults.push(...strangers(schema, known));
  const checks: Check[] = [];
  for (const [index, { name, check, mostly = 1, severity = 'error' }] of schema.rules.entries()) {
    const where = `rules.${index}.check`;
    const used = await attempt(() => checkExpression(tables, check, known, where));
    if (used === null || !used.every((column) => present.includes(column))) continue;
    const kept = `TRY(CAST((${check}\n) AS BOOLEAN))`;
    if ((await attempt(() => bind(tables, table, kept, where))) === null) continue;
    checks.push({
      rule: name ?? check.replace(/\s+/g, ' ').trim(),
      columns: used,
      severity,
      mostly,
      expected: check,
      bad: `NOT ${kept}`,
      of: `${kept} IS NOT NULL`,
      observed: null,
      frequent: null,
    });
  }
  if (faults.length === 0) return checks;
  throw new PulltrainError('schema-refused', {
    what: `${faults.length === 1 ? '1 fault' : `${faults.length} faults`}\n  ${faults.join('\n  ')}`,
    where: schemaPath,
  });
}

/** Asks the engine whether an expression makes sense for the types of this table, without reading a row. */
async function bind(tables: Tables, table: TypedTable, expression: string, where: string): Promise<true> {
  try {
    await tables.query(`WITH typed AS (${table.sql}) SELECT ${expression} FROM typed LIMIT 0`);
    return true;
  } catch (cause) {
    const said = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new PulltrainError('schema-refused', {
      what: `the expression does not fit the columns: ${said}`,
      where,
      cure: 'Declare the type of every column that it compares.',
    });
  }
}

/** Columns that table-wide rules name and that neither the schema nor the table has. */
function strangers({ unique, freshness, label }: DataSchema, known: readonly string[]): string[] {
  const named = [
    ...unique.flatMap((rule, index) =>
      ('columns' in rule ? rule.columns : rule).map((column) => ({ where: `unique.${index}`, column })),
    ),
    ...(freshness === undefined ? [] : [{ where: 'freshness.column', column: freshness.column }]),
    ...(freshness === undefined || freshness.against === 'now'
      ? []
      : [{ where: 'freshness.against', column: freshness.against }]),
    ...(label === undefined ? [] : [{ where: 'label.column', column: label.column }]),
    ...(label?.ignore ?? []).map((column, index) => ({ where: `label.ignore.${index}`, column })),
  ];
  return named
    .filter(({ column }) => !known.includes(column))
    .map(({ where, column }) => `${where}: there is no column "${column}"`);
}

async function checkPattern(tables: Tables, pattern: string, where: string): Promise<void> {
  try {
    await tables.query("SELECT regexp_full_match('', $1)", [pattern]);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new PulltrainError('schema-refused', { what: `not a regular expression: ${said}`, where, seen: pattern });
  }
}
