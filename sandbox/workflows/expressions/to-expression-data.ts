import { data } from '@actions/expressions';
import type { Json } from './json.ts';

const known = new WeakMap<object, data.ExpressionData>();

/** Plain JSON as the evaluator's data. Frozen objects, such as an event's payload, are converted once. */
export function toExpressionData(value: Json): data.ExpressionData {
  if (value === null) return new data.Null();
  if (typeof value === 'string') return new data.StringData(value);
  if (typeof value === 'number') return new data.NumberData(value);
  if (typeof value === 'boolean') return new data.BooleanData(value);
  const before = known.get(value);
  if (before !== undefined) return before;
  const converted = Array.isArray(value)
    ? new data.Array(...value.map(toExpressionData))
    : new data.Dictionary(...Object.entries(value).map(([key, item]) => ({ key, value: toExpressionData(item) })));
  if (Object.isFrozen(value)) known.set(value, converted);
  return converted;
}
