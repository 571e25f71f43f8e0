import type { ModelConfig } from '../config/schema.ts';
import { quoteName, quoteText } from '../quote-sql.ts';

type Rule = ModelConfig['holdout'];

/** The rule in words; part of the holdout's identity. */
export function describeRule({ fold, ...rule }: Rule): string {
  return fold === undefined ? describeWindow(rule) : `${describeWindow(rule)}, part ${fold.use} of ${fold.of}`;
}

function describeWindow({ time, window }: Pick<Rule, 'time' | 'window'>): string {
  if (window === undefined || time === undefined) return 'every labelled row';
  if (window.newest === 'month') return `newest month of ${time} that has labels`;
  return `newest ${Number.parseInt(window.newest, 10)} days of ${time} that have labels`;
}

/** Newest time of a labelled row, for a rule with a window; null for one without. */
export function newestSql(rule: Rule, relation: string): string | null {
  if (rule.window === undefined || rule.time === undefined) return null;
  return `SELECT CAST(max(${timeOf(rule.time)}) AS VARCHAR) AS newest FROM ${relation} WHERE ${labelled(rule)}`;
}

/** Condition for the rows that judge: labelled, and inside the window that ends with `newest`. */
export function windowCondition(rule: Rule, newest: string | null): string {
  if (rule.window === undefined || rule.time === undefined || newest === null) return labelled(rule);
  const at = timeOf(rule.time);
  const end = `CAST(${quoteText(newest)} AS TIMESTAMP)`;
  if (rule.window.newest === 'month') {
    const month = `date_trunc('month', ${end})`;
    return `${labelled(rule)} AND ${at} >= ${month} AND ${at} < ${month} + INTERVAL 1 MONTH`;
  }
  const days = Number.parseInt(rule.window.newest, 10);
  return `${labelled(rule)} AND ${at} >= date_trunc('day', ${end}) - INTERVAL ${days - 1} DAY AND ${at} <= ${end}`;
}

function labelled({ target }: Rule): string {
  return `${quoteName(target)} IS NOT NULL`;
}

function timeOf(time: string): string {
  return `CAST(${quoteName(time)} AS TIMESTAMP)`;
}
