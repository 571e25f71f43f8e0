import { z } from 'zod';
import type { DataSchema } from '../../contracts/data-schema.ts';
import type { CheckResult } from '../../contracts/validation-report.ts';
import type { Tables } from '../../ports/tables.ts';
import { quoteName } from '../../quote-sql.ts';
import { type Check, equals, percent } from './compile-checks.ts';
import { printed, shownColumns } from './find-examples.ts';
import type { TypedTable } from './typed-table.ts';

type LabelRules = NonNullable<DataSchema['label']>;

/** Missing and impossible labels, as rules over rows. */
export function labelChecks(rules: LabelRules, table: TypedTable): Check[] {
  const label = table.columns.get(rules.column);
  if (label === undefined) return [];
  const common = { columns: [rules.column], severity: rules.severity ?? 'error', observed: null };
  const column = quoteName(rules.column);
  const classes = rules.classes ?? (rules.task === 'binary' ? [0, 1] : undefined);
  const possible =
    classes !== undefined
      ? classes.map((one) => equals(column, one)).join(' OR ')
      : rules.task === 'regression'
        ? `isfinite(TRY_CAST(${column} AS DOUBLE))`
        : 'TRUE';
  const expected =
    classes !== undefined
      ? `one of ${classes
          .slice(0, 12)
          .map((one) => JSON.stringify(one))
          .join(', ')}`
      : rules.task === 'regression'
        ? 'a finite number'
        : 'any class';
  return [
    {
      ...common,
      rule: 'label-missing',
      mostly: 1 - rules.missing,
      expected: rules.missing === 0 ? 'a label in every row' : `a label in ${percent(1 - rules.missing)} of rows`,
      bad: label.missing,
      of: 'TRUE',
      frequent: null,
    },
    {
      ...common,
      rule: 'label-impossible',
      mostly: 1,
      expected,
      // A value that is not of its declared type is none of the classes, and typed it would look missing.
      bad: `(NOT ${label.missing} AND NOT coalesce(${possible}, FALSE))`,
      of: `NOT ${label.missing}`,
      frequent: label.raw,
    },
  ];
}

const foundSchema = z.array(
  z.object({ labelled: z.number().nullable(), conflicting: z.number().nullable(), worst: z.string().nullable() }),
);
const worstSchema = z.array(z.array(z.string().nullable()));

/**
 * Rows that equal another one in every feature and differ from it in the label. Rows are grouped by a 64-bit hash of their
 * features, so that two different ones among n rows are taken for equal with a chance of at most n² / 2⁶⁵.
 */
export async function findConflicts(tables: Tables, rules: LabelRules, table: TypedTable): Promise<CheckResult[]> {
  const label = table.columns.get(rules.column);
  if (rules.conflicts === undefined || label === undefined) return [];
  const features = [...table.columns.values()].filter(
    ({ name }) => name !== rules.column && !rules.ignore.includes(name),
  );
  if (features.length === 0) return [];
  const [times, first, last, key] = ['times', 'first', 'last', 'key'].map(table.spare);
  const shown = shownColumns(
    table,
    features.map(({ name }) => name),
  ).slice(0, 4);
  const samples = shown.map((column, index) => `any_value(${printed(column)}) AS ${table.spare(`s${index}`)}`);
  const cells = [`CAST(${times} AS VARCHAR)`, ...shown.map((_, index) => table.spare(`s${index}`))];
  const [found] = foundSchema.parse(
    await tables.query(`WITH typed AS (${table.sql}),
groups AS (SELECT hash(${features.map(({ raw }) => raw).join(', ')}) AS ${key}, count(*) AS ${times},
  min(CAST(${label.raw} AS VARCHAR)) AS ${first}, max(CAST(${label.raw} AS VARCHAR)) AS ${last}${samples.map((one) => `, ${one}`).join('')}
  FROM typed WHERE NOT ${label.missing} GROUP BY ${key})
SELECT sum(${times}) AS labelled, sum(${times}) FILTER (WHERE ${first} <> ${last}) AS conflicting,
CAST(to_json(arg_max([${cells.join(', ')}], ${times}, 3) FILTER (WHERE ${first} <> ${last})) AS VARCHAR) AS worst FROM groups`),
  );
  const of = found?.labelled ?? 0;
  const violations = found?.conflicting ?? 0;
  const worst = worstSchema.parse(JSON.parse(found?.worst ?? '[]') ?? []);
  const groups = worst.map(
    ([count, ...values]) =>
      `${shown.map(({ name }, at) => `${name} ${values[at] ?? 'missing'}`).join(', ')}${features.length > shown.length ? ', …' : ''} in ${count} rows`,
  );
  return [
    {
      rule: 'label-conflict',
      columns: [rules.column],
      severity: rules.severity ?? 'error',
      status: violations > Math.floor(rules.conflicts * of + 1e-9) ? 'fail' : 'pass',
      expected:
        rules.conflicts === 0
          ? 'one label for rows with equal features'
          : `at most ${percent(rules.conflicts)} of rows with equal features and different labels`,
      observed: `${violations} of ${of}${violations === 0 ? '' : ` (${percent(violations / of)}): ${groups.join('; ')}`}`,
      violations,
      of,
      examples: [],
    },
  ];
}
