import type { ColumnRules, DataSchema, Severity } from '../../contracts/data-schema.ts';
import { quoteName, quoteText } from '../../quote-sql.ts';
import { countWhere } from '../count-where.ts';
import { ruleValue, strictness } from './ruled.ts';
import type { TypedColumn, TypedTable } from './typed-table.ts';

/** One rule as SQL over the typed table. */
export type Check = {
  rule: string;
  /** Columns it looks at, shown with examples. */
  columns: string[];
  severity: Severity;
  /** Share of the rows looked at that must keep the rule. */
  mostly: number;
  expected: string;
  /** True for a row that breaks the rule; NULL counts as kept. */
  bad: string;
  /** True for a row that the rule looks at. */
  of: string;
  /** Aggregate that tells in one text what was seen, e.g. the least value; null when the count says it all. */
  observed: string | null;
  /** Value by which broken rows are grouped to tell the most frequent ones; null when examples are enough. */
  frequent: string | null;
};

/** The rules of a schema for single columns that the table has. */
export function compileChecks(schema: DataSchema, table: TypedTable): Check[] {
  return Object.entries(schema.columns).flatMap(([name, rules]) => {
    const column = table.columns.get(name);
    return rules === null || column === undefined ? [] : columnChecks(rules, column);
  });
}

type Rule = Pick<Check, 'rule' | 'expected' | 'bad' | 'of' | 'observed'> & { from: unknown; frequent?: string };

function columnChecks(rules: ColumnRules, column: TypedColumn): Check[] {
  const found: Rule[] = [
    ...typeRule(rules, column),
    ...missingRule(rules, column),
    ...boundRules(rules, column),
    ...valuesRule(rules, column),
    ...textRules(rules, column),
  ];
  return found.map(({ from, ...rule }) => {
    const { mostly, severity } = strictness(from, rules);
    const allowed = rule.rule === 'missing' ? 1 - (ruleValue(rules.missing) ?? 1) : mostly;
    return { ...rule, frequent: rule.frequent ?? null, columns: [column.name], severity, mostly: allowed };
  });
}

function typeRule({ type }: ColumnRules, { bad, missing, type: seen }: TypedColumn): Rule[] {
  const declared = ruleValue(type);
  if (declared === undefined) return [];
  const observed = quoteText(`column type ${seen}`);
  return [{ rule: 'type', from: type, expected: declared, bad, of: `NOT ${missing}`, observed }];
}

function missingRule({ missing: rule }: ColumnRules, { missing }: TypedColumn): Rule[] {
  const share = ruleValue(rule);
  if (share === undefined) return [];
  const expected = share === 0 ? 'no missing value' : `at most ${percent(share)} missing`;
  const observed = `CAST(round(100.0 * ${countWhere(missing)} / greatest(count(*), 1), 2) AS VARCHAR) || ' % missing'`;
  return [{ rule: 'missing', from: rule, expected, bad: missing, of: 'TRUE', observed }];
}

function boundRules(rules: ColumnRules, { name }: TypedColumn): Rule[] {
  const column = quoteName(name);
  const sides = [
    { rule: 'min', from: rules.min, sign: '<', words: 'at least' },
    { rule: 'max', from: rules.max, sign: '>', words: 'at most' },
  ];
  return sides.flatMap(({ rule, from, sign, words }) => {
    const bound = ruleValue(from);
    if (bound === undefined) return [];
    const typed = ruleValue(rules.type) !== undefined;
    const isNumber = typeof bound === 'number';
    const value = typed ? column : `TRY_CAST(CAST(${column} AS VARCHAR) AS ${isNumber ? 'DOUBLE' : 'TIMESTAMP'})`;
    const limit = isNumber ? String(bound) : `CAST(${quoteText(bound)} AS TIMESTAMP)`;
    return [
      {
        rule,
        from,
        expected: `${words} ${bound}`,
        bad: `${value} ${sign} ${limit}`,
        of: `${value} IS NOT NULL`,
        observed: `${quoteText(`${rule} `)} || CAST(${rule}(${value}) AS VARCHAR)`,
      },
    ];
  });
}

function valuesRule({ values: from }: ColumnRules, { name, raw }: TypedColumn): Rule[] {
  const values = ruleValue(from);
  if (values === undefined) return [];
  const column = quoteName(name);
  const same = values.map((value) => equals(column, value)).join(' OR ');
  const shown = values.slice(0, 12).map((value) => JSON.stringify(value));
  const expected = `one of ${shown.join(', ')}${values.length > 12 ? ` and ${values.length - 12} more` : ''}`;
  const of = `${column} IS NOT NULL`;
  return [
    {
      rule: 'values',
      from,
      expected,
      bad: `${of} AND NOT coalesce(${same}, FALSE)`,
      of,
      observed: null,
      frequent: raw,
    },
  ];
}

/** SQL that is true when a column holds a value written in YAML, whatever type the column has. */
export function equals(column: string, value: string | number | boolean): string {
  if (typeof value === 'number') return `TRY_CAST(${column} AS DOUBLE) = ${value}`;
  return `CAST(${column} AS VARCHAR) = ${quoteText(String(value))}`;
}

function textRules(rules: ColumnRules, { raw }: TypedColumn): Rule[] {
  const text = `CAST(${raw} AS VARCHAR)`;
  const of = `${raw} IS NOT NULL`;
  const pattern = ruleValue(rules.pattern);
  const least = ruleValue(rules.min_length);
  const largest = ruleValue(rules.max_length);
  return [
    ...(pattern === undefined
      ? []
      : [
          {
            rule: 'pattern',
            from: rules.pattern,
            expected: `text like /${pattern}/`,
            bad: `NOT regexp_full_match(${text}, ${quoteText(pattern)})`,
            of,
            observed: null,
            frequent: raw,
          },
        ]),
    ...(least === undefined
      ? []
      : [
          {
            rule: 'min_length',
            from: rules.min_length,
            expected: `at least ${least} characters`,
            bad: `length(${text}) < ${least}`,
            of,
            observed: `'shortest ' || CAST(min(length(${text})) AS VARCHAR)`,
          },
        ]),
    ...(largest === undefined
      ? []
      : [
          {
            rule: 'max_length',
            from: rules.max_length,
            expected: `at most ${largest} characters`,
            bad: `length(${text}) > ${largest}`,
            of,
            observed: `'longest ' || CAST(max(length(${text})) AS VARCHAR)`,
          },
        ]),
  ];
}

/** A share in 0..1 for readers. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}
