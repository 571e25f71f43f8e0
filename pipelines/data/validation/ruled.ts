import type { Severity } from '../../contracts/data-schema.ts';

type Long<Value> = { is: Value; mostly?: number | undefined; severity?: Severity | undefined };

/** The value of a rule, written short or long. */
export function ruleValue<Value extends string | number | boolean | readonly unknown[]>(
  rule: Value | Long<Value> | undefined,
): Value | undefined {
  if (rule === undefined) return undefined;
  return isLong(rule) ? rule.is : rule;
}

/** How strictly a rule is meant: as it says itself, else as its column does, else every value and an error. */
export function strictness(
  rule: unknown,
  column: { mostly?: number | undefined; severity?: Severity | undefined },
): { mostly: number; severity: Severity } {
  const own: Partial<Long<unknown>> = isLong<unknown>(rule) ? rule : {};
  return { mostly: own.mostly ?? column.mostly ?? 1, severity: own.severity ?? column.severity ?? 'error' };
}

function isLong<Value>(rule: unknown): rule is Long<Value> {
  return typeof rule === 'object' && rule !== null && 'is' in rule;
}
