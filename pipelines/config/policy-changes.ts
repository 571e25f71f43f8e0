import { canonicalJson } from '../canonical-json.ts';
import { ConfigInvalid } from './config-invalid.ts';
import { parseConfig } from './parse-config.ts';
import type { Config, ModelConfig } from './schema.ts';

/** What judges a model and decides what is built and served. It counts as the default branch has it, so an edit is shown and not obeyed. */
const policyKeys = [
  'task',
  'pipeline',
  'output',
  'gates',
  'strict',
  'holdout',
  'protected',
  'serve',
  'slices',
  'threshold',
  'metrics',
  'rollout',
  'monitor',
  'retrain',
  'sweep',
] as const satisfies readonly (keyof ModelConfig)[];

/**
 * Dotted policy keys in which the text of a pull request differs from the policy in force, e.g. `holdout.window.newest`;
 * a list counts as one value. A text that is absent, broken or without the model is named as such.
 */
export function policyChanges(base: Config, headText: string | null, model: string, file: string): string[] {
  if (headText === null) return [`${file} is removed`];
  const head = parseOrNull(headText, file);
  if (head === null) return [`${file} does not parse`];
  const before = base.models[model];
  const after = Object.hasOwn(head.models, model) ? head.models[model] : undefined;
  if (before === undefined) return [];
  if (after === undefined) return [`models.${model} is removed`];
  return policyKeys.flatMap((key) => differences(key, before[key], after[key]));
}

function parseOrNull(text: string, file: string): Config | null {
  try {
    return parseConfig(text, file);
  } catch (thrown) {
    if (thrown instanceof ConfigInvalid) return null;
    throw thrown;
  }
}

function differences(path: string, before: unknown, after: unknown): string[] {
  if (isMapping(before) && isMapping(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => differences(`${path}.${key}`, Reflect.get(before, key), Reflect.get(after, key)));
  }
  return canonicalJson({ value: before }) === canonicalJson({ value: after }) ? [] : [path];
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
