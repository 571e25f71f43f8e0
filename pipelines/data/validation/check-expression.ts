import { z } from 'zod';
import { nearestName } from '../../config/nearest-name.ts';
import { PulltrainError } from '../../errors.ts';
import type { Tables } from '../../ports/tables.ts';
import { quoteText } from '../../quote-sql.ts';

const node = z.looseObject({ class: z.string(), type: z.string() });
const parsedSchema = z.union([
  z.object({ error: z.literal(true), error_message: z.string() }),
  z.object({
    error: z.literal(false),
    statements: z.array(
      z.object({
        node: z.looseObject({
          type: z.string(),
          modifiers: z.array(z.unknown()),
          select_list: z.array(z.unknown()).optional(),
          from_table: z.object({ type: z.string() }).optional(),
          where_clause: z.unknown(),
          group_expressions: z.array(z.unknown()).optional(),
          having: z.unknown(),
          qualify: z.unknown(),
          sample: z.unknown(),
          cte_map: z.object({ map: z.array(z.unknown()) }).optional(),
        }),
      }),
    ),
  }),
]);

/** Kinds of expression that look at one row only. */
const classes = [
  'COMPARISON',
  'CONJUNCTION',
  'OPERATOR',
  'CONSTANT',
  'COLUMN_REF',
  'BETWEEN',
  'CASE',
  'CAST',
  'FUNCTION',
];

/** Functions of one row that are cheap, read nothing and give the same answer every time. */
const functions = [
  ...['+', '-', '*', '/', '//', '%', '||', '~~', '!~~', '~~*', '!~~*', '^', '**'],
  ...['abs', 'ceil', 'floor', 'round', 'trunc', 'sign', 'sqrt', 'ln', 'log', 'log10', 'exp', 'pow', 'power', 'mod'],
  ...['greatest', 'least', 'isnan', 'isinf', 'isfinite', 'nullif', 'ifnull', 'coalesce'],
  ...['length', 'strlen', 'lower', 'upper', 'trim', 'ltrim', 'rtrim', 'left', 'right', 'substring', 'substr', 'concat'],
  ...['contains', 'starts_with', 'ends_with', 'prefix', 'suffix', 'replace', 'regexp_matches', 'regexp_full_match'],
  ...[
    'date_trunc',
    'date_part',
    'date_diff',
    'datediff',
    'year',
    'month',
    'day',
    'hour',
    'minute',
    'second',
    'dayofweek',
  ],
  ...['isodow', 'week', 'quarter', 'epoch', 'to_days', 'to_hours', 'to_minutes', 'to_seconds', 'to_months', 'to_years'],
  ...['list_value', 'list_contains', 'not_like_escape', 'like_escape', 'strftime', 'make_date'],
];

/**
 * Columns that an expression of a data schema reads. The engine's own parser takes it apart, and only expressions over
 * one row are let through: no subquery, table, window, parameter, or function outside a list. Throws
 * `expression-refused`, naming the part.
 */
export async function checkExpression(
  tables: Tables,
  expression: string,
  known: readonly string[],
  where: string,
): Promise<string[]> {
  const refuse = (what: string, cure?: string) =>
    new PulltrainError('expression-refused', {
      what,
      where,
      seen: JSON.stringify(expression.slice(0, 200)),
      ...(cure === undefined ? {} : { cure }),
    });
  // Parsed twice: bare, and as it will stand between parentheses, so that no text can close them.
  const bare = await parse(tables, expression);
  const wrapped = await parse(tables, `(${expression}\n)`);
  for (const { error } of [bare, wrapped]) if (error !== null) throw refuse(error);
  const columns = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const one of value) visit(one);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    const one = node.safeParse(value);
    if (one.success) visitNode(one.data);
    else for (const inner of Object.values(value)) visit(inner);
  };
  const visitNode = (one: z.infer<typeof node>): void => {
    if (!classes.includes(one.class)) throw refuse(`${phrase(one.class)} cannot stand in a rule`);
    if (one.class === 'CONSTANT') return;
    if (one.class === 'COLUMN_REF') columns.add(columnOf(one));
    if (one.class === 'FUNCTION') allowFunction(one);
    for (const inner of Object.values(one)) visit(inner);
  };
  const columnOf = (one: z.infer<typeof node>): string => {
    const path = z.array(z.string()).parse(one.column_names);
    const [name = ''] = path;
    if (path.length === 1 && known.includes(name)) return name;
    const meant = nearestName(path.join('.'), known);
    throw refuse(
      `there is no column "${path.join('.')}"`,
      meant === undefined ? `Columns: ${known.slice(0, 30).join(', ')}.` : `Did you mean "${meant}"?`,
    );
  };
  const allowFunction = (one: z.infer<typeof node>): void => {
    const name = String(one.function_name);
    if (!functions.includes(name)) throw refuse(`the function ${name} cannot stand in a rule`);
    if (one.filter !== null || one.distinct !== false) throw refuse('an aggregate cannot stand in a rule');
  };
  visit(wrapped.node);
  return [...columns];
}

async function parse(tables: Tables, expression: string): Promise<{ error: string | null; node: unknown }> {
  const [row] = await tables.query(
    `SELECT CAST(json_serialize_sql(${quoteText(`SELECT ${expression}`)}) AS VARCHAR) AS tree`,
  );
  const parsed = parsedSchema.parse(JSON.parse(String(row?.tree)));
  if (parsed.error) return { error: `not an SQL expression: ${parsed.error_message}`, node: null };
  const [statement, ...others] = parsed.statements;
  const select = statement?.node;
  const [one, ...more] = select?.select_list ?? [];
  const alias = z.object({ alias: z.string() }).safeParse(one).data?.alias;
  const plain =
    others.length === 0 &&
    select?.type === 'SELECT_NODE' &&
    one !== undefined &&
    more.length === 0 &&
    alias === '' &&
    select.from_table?.type === 'EMPTY' &&
    [select.where_clause, select.having, select.qualify, select.sample].every((part) => part === null) &&
    select.modifiers.length === 0 &&
    select.group_expressions?.length === 0 &&
    select.cte_map?.map.length === 0;
  return plain ? { error: null, node: one } : { error: 'not one SQL expression', node: null };
}

function phrase(kind: string): string {
  return `a ${kind.toLowerCase().replaceAll('_', ' ')}`;
}
