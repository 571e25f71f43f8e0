import { isFeatures } from './is-features.ts';
import { isFoundation } from './is-foundation.ts';

/** Pull request "First model": the training program, its pipeline and parameters, with three features. */
export function firstModel(example: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(example).filter(([path]) => !isFoundation(path) && !isFeatures(path)));
}
