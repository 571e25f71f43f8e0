import type { CleaningStep } from '../../contracts/cleaning-recipe.ts';
import type { ColumnStatistics } from '../../contracts/cleaning-record.ts';
import { PulltrainError } from '../../errors.ts';
import type { Cell, Tables } from '../../ports/tables.ts';
import { quoteName, quoteText } from '../../quote-sql.ts';
import { kindOf } from '../validation/typed-value.ts';
import { castOf, present, typeOf } from './apply-step.ts';
import type { CleaningState } from './cleaning-state.ts';

/** More values than these are no categories. */
const mostKept = 10_000;

/**
 * What a step has to know of the table it is fitted on, in one scan for all its columns. Throws `recipe-refused` for a
 * column that the step cannot work on, or from which nothing can be learnt.
 */
export async function fitStep(
  tables: Tables,
  state: CleaningState,
  step: CleaningStep,
  where: string,
): Promise<ColumnStatistics[]> {
  switch (step.do) {
    case 'impute':
      return fitImpute(tables, state, step, where);
    case 'clip':
      return fitClip(tables, state, step, where);
    case 'group_rare':
      return Promise.all(step.columns.map((name) => fitRare(tables, state, step, name, where)));
    case 'cast':
      return fitCast(tables, state, step, where);
    default:
      return [];
  }
}

async function ask(
  tables: Tables,
  state: CleaningState,
  columns: readonly string[],
  facts: (name: string) => Record<string, string>,
) {
  const list = columns.flatMap((name, index) =>
    Object.entries(facts(name)).map(([fact, sql]) => `${sql} AS ${fact}${index}`),
  );
  const [row] = await tables.query(`SELECT ${list.join(', ')} FROM (${state.sql})`);
  return (fact: string, index: number): Cell => row?.[`${fact}${index}`] ?? null;
}

async function fitImpute(
  tables: Tables,
  state: CleaningState,
  step: Extract<CleaningStep, { do: 'impute' }>,
  where: string,
): Promise<ColumnStatistics[]> {
  const how = step.with;
  if (how === 'mean' || how === 'median') requireNumbers(state, step.columns, where, how === 'median');
  const found = await ask(tables, state, step.columns, (name) => {
    const value = present(state, name);
    return { value: statistic(state, value, how), touched: `count(*) FILTER (WHERE ${value} IS NULL)` };
  });
  return step.columns.map((column, index) => {
    const value = found('value', index);
    if (value === null) {
      throw refuse(where, `${column} has no value to learn from`, 'Drop the column, or impute a constant.');
    }
    return { column, value: String(value), touched: Number(found('touched', index)) };
  });
}

function statistic(state: CleaningState, value: string, how: Extract<CleaningStep, { do: 'impute' }>['with']): string {
  if (typeof how === 'object') return quoteText(String(how.constant));
  // The lower of two middle values, so that the median is a value of the column and keeps its type.
  if (how === 'median') return `CAST(quantile_disc(${value}, 0.5) AS VARCHAR)`;
  // Of several most frequent values the least, whatever order the rows come in.
  if (how === 'mode') {
    return `(SELECT CAST(${value} AS VARCHAR) AS v FROM (${state.sql}) WHERE ${value} IS NOT NULL GROUP BY v ORDER BY count(*) DESC, v LIMIT 1)`;
  }
  return `CAST(avg(CAST(${value} AS DOUBLE)) AS VARCHAR)`;
}

async function fitClip(
  tables: Tables,
  state: CleaningState,
  step: Extract<CleaningStep, { do: 'clip' }>,
  where: string,
): Promise<ColumnStatistics[]> {
  requireNumbers(state, step.columns, where, true);
  const found = await ask(tables, state, step.columns, (name) => {
    const value = present(state, name);
    return {
      low: `CAST(quantile_disc(${value}, ${step.low}) AS VARCHAR)`,
      high: `CAST(quantile_disc(${value}, ${step.high}) AS VARCHAR)`,
    };
  });
  const bounds = step.columns.map((column, index) => ({
    column,
    low: found('low', index),
    high: found('high', index),
  }));
  const empty = bounds.find(({ low, high }) => low === null || high === null);
  if (empty !== undefined) throw refuse(where, `${empty.column} has no value to learn from`, 'Drop the column.');
  const texts = new Map(bounds.map(({ column, low, high }) => [column, { low: String(low), high: String(high) }]));
  const beyond = await ask(tables, state, step.columns, (name) => {
    const type = typeOf(state, name);
    const { low = '', high = '' } = texts.get(name) ?? {};
    const value = present(state, name);
    return {
      touched: `count(*) FILTER (WHERE ${value} < CAST(${quoteText(low)} AS ${type}) OR ${value} > CAST(${quoteText(high)} AS ${type}))`,
    };
  });
  return step.columns.map((column, index) => ({
    column,
    ...texts.get(column),
    touched: Number(beyond('touched', index)),
  }));
}

async function fitRare(
  tables: Tables,
  state: CleaningState,
  { min_share: least }: Extract<CleaningStep, { do: 'group_rare' }>,
  column: string,
  where: string,
): Promise<ColumnStatistics> {
  const text = `CAST(${quoteName(column)} AS VARCHAR)`;
  const rows = await tables.query(
    `WITH counts AS (SELECT ${text} AS value, count(*) AS n FROM (${state.sql}) WHERE ${quoteName(column)} IS NOT NULL GROUP BY value),
whole AS (SELECT sum(n) AS n FROM counts)
SELECT value, (SELECT coalesce(sum(n), 0) FROM counts WHERE n < ${least} * (SELECT n FROM whole)) AS touched
FROM counts WHERE n >= ${least} * (SELECT n FROM whole) ORDER BY value LIMIT ${mostKept + 1}`,
  );
  if (rows.length > mostKept) {
    throw refuse(where, `${column} has more than ${mostKept} frequent values`, 'Raise min_share.');
  }
  if (rows.length === 0) throw refuse(where, `no value of ${column} is frequent enough to stay`, 'Lower min_share.');
  return { column, kept: rows.map(({ value }) => String(value)), touched: Number(rows[0]?.touched ?? 0) };
}

async function fitCast(
  tables: Tables,
  state: CleaningState,
  step: Extract<CleaningStep, { do: 'cast' }>,
  where: string,
): Promise<ColumnStatistics[]> {
  const found = await ask(tables, state, step.columns, (name) => ({
    touched: `count(*) FILTER (WHERE ${castOf(state, name, step.to).bad})`,
    example: `any_value(CAST(${quoteName(name)} AS VARCHAR)) FILTER (WHERE ${castOf(state, name, step.to).bad})`,
  }));
  return step.columns.map((column, index) => {
    const touched = Number(found('touched', index));
    if (touched > 0 && step.invalid === 'refuse') {
      const example = JSON.stringify(String(found('example', index)).slice(0, 80));
      throw refuse(
        where,
        `${touched} values of ${column} are no ${step.to}, e.g. ${example}`,
        'Correct them, or let them become missing with invalid: missing.',
      );
    }
    return { column, touched };
  });
}

function requireNumbers(state: CleaningState, columns: readonly string[], where: string, times: boolean): void {
  const kinds = times ? ['integer', 'float', 'decimal', 'date', 'timestamp'] : ['integer', 'float', 'decimal'];
  const others = columns.filter((name) => !kinds.includes(kindOf(typeOf(state, name))));
  if (others.length === 0) return;
  const seen = others.map((name) => `${name} (${typeOf(state, name)})`).join(', ');
  throw refuse(where, `not numbers: ${seen}`, 'Cast them in a step before, or impute the mode.');
}

function refuse(where: string, what: string, cure: string): PulltrainError {
  return new PulltrainError('recipe-refused', { what, where, cure });
}
