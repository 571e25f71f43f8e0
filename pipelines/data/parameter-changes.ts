import { canonicalJson } from '../canonical-json.ts';
import type { ParameterChange } from '../contracts/judgement.ts';
import type { Parameter } from '../contracts/run-record.ts';

type Parameters = { readonly [name: string]: Parameter };

/** Parameters, by dotted name, whose values differ; one that is absent on a side is null there. */
export function parameterChanges(base: Parameters, head: Parameters): ParameterChange[] {
  const names = [...new Set([...Object.keys(base), ...Object.keys(head)])].sort();
  return names
    .map((name) => ({ name, base: valueIn(base, name), head: valueIn(head, name) }))
    .filter((change) => canonicalJson(change.base) !== canonicalJson(change.head));
}

function valueIn(parameters: Parameters, name: string): Parameter {
  return Object.hasOwn(parameters, name) ? (parameters[name] ?? null) : null;
}
