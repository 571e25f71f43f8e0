import type { ModelConfig } from '../config/schema.ts';
import { quoteName } from '../quote-sql.ts';

type Rule = ModelConfig['holdout'];

/** The rule in words; part of the holdout's identity. */
export function describeRule({ time, window }: Rule): string {
  if (window === undefined || time === undefined) return 'every labelled row';
  if (window.newest === 'month') return `newest month of ${time} that has labels`;
  return `newest ${Number.parseInt(window.newest, 10)} days of ${time} that have labels`;
}

/** Condition for the rows that judge: labelled, and inside the newest window that has labels. */
export function windowCondition(rule: Rule, relation: string): string {
  const labelled = `${quoteName(rule.target)} IS NOT NULL`;
  if (rule.window === undefined || rule.time === undefined) return labelled;
  const at = `CAST(${quoteName(rule.time)} AS TIMESTAMP)`;
  const newest = `(SELECT max(${at}) FROM ${relation} WHERE ${labelled})`;
  if (rule.window.newest === 'month') {
    return `${labelled} AND date_trunc('month', ${at}) = date_trunc('month', ${newest})`;
  }
  const days = Number.parseInt(rule.window.newest, 10);
  return `${labelled} AND ${at} >= date_trunc('day', ${newest}) - INTERVAL ${days - 1} DAY AND ${at} <= ${newest}`;
}
