import type { DataSchema } from '../../contracts/data-schema.ts';
import type { CheckResult, ValidationReport } from '../../contracts/validation-report.ts';
import { integrityOfDocument } from '../../integrity.ts';
import type { Tables } from '../../ports/tables.ts';
import { askTable } from '../ask-table.ts';
import { readTable } from '../read-table.ts';
import { checkFreshness } from './check-freshness.ts';
import { compileChecks } from './compile-checks.ts';
import { compileRules } from './compile-rules.ts';
import { countChecks } from './count-checks.ts';
import { findDuplicates, type UniqueRule } from './find-duplicates.ts';
import { findConflicts, labelChecks } from './label-checks.ts';
import { ruleValue, strictness } from './ruled.ts';
import { shapeChecks, unreadableRows } from './shape-checks.ts';
import { typedTable } from './typed-table.ts';

export type ValidationSubject = {
  /** The table on this machine, and its name in the report. */
  file: string;
  data: string;
  schema: DataSchema;
  schemaPath: string;
  /** What freshness is held against. */
  now: Date;
};

/**
 * Holds a table against a data schema: every rule over rows in one scan, each uniqueness rule in one more, and one for rows
 * of broken rules. Throws `table-unreadable`, `table-format`, or `schema-refused` when the schema does not fit any table.
 */
export async function validateTable(subject: ValidationSubject, tables: Tables): Promise<ValidationReport> {
  const { file, data, schema, schemaPath, now } = subject;
  const readable = await readTable(tables, file, schema.read, { text: true, rejects: true });
  const table = typedTable(readable, schema);
  const rules = await compileRules(tables, schema, table, schemaPath);
  const label = schema.label === undefined ? [] : labelChecks(schema.label, table);
  return askTable(async () => {
    const { rows, results } = await countChecks(tables, table, [...compileChecks(schema, table), ...label, ...rules]);
    const unreadable = readable.textual ? await unreadableRows(tables) : [];
    const all: CheckResult[] = [...unreadable, ...shapeChecks(schema, readable, rows), ...results];
    const has = (names: readonly string[]) => names.every((name) => table.columns.has(name));
    for (const rule of uniqueRules(schema)) {
      if (has(rule.columns)) all.push(await findDuplicates(tables, table, rule));
    }
    if (schema.label !== undefined) all.push(...(await findConflicts(tables, schema.label, table)));
    const { freshness } = schema;
    const isFresh = freshness !== undefined && has(timesOf(freshness));
    if (isFresh) all.push(await checkFreshness(tables, freshness, table, now));
    const broken = all.filter(({ status }) => status === 'fail');
    const errors = broken.filter(({ severity }) => severity === 'error').length;
    return {
      kind: 'validation-report',
      version: 1,
      data,
      schema: schemaPath,
      schemaIntegrity: integrityOfDocument(schema),
      rows,
      columns: readable.columns,
      status: errors > 0 ? 'fail' : 'pass',
      errors,
      warnings: broken.length - errors,
      now: isFresh && freshness.against === 'now' ? now.toISOString() : null,
      results: all,
    };
  }, data);
}

function uniqueRules(schema: DataSchema): UniqueRule[] {
  const single = Object.entries(schema.columns).flatMap(([name, rules]) =>
    rules !== null && ruleValue(rules.unique) === true ? [{ columns: [name], ...strictness(rules.unique, rules) }] : [],
  );
  const joint = schema.unique.map((rule) => {
    const { columns, mostly = 1, severity = 'error' as const } = 'columns' in rule ? rule : { columns: rule };
    return { columns, mostly, severity };
  });
  return [...single, ...joint];
}

function timesOf({ column, against }: NonNullable<DataSchema['freshness']>): string[] {
  return against === 'now' ? [column] : [column, against];
}
