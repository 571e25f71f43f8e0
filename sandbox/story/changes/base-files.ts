import { isFoundation } from './is-foundation.ts';

/** The repository before there is a model: policy, workflows and how to read them. In: all files of the example. */
export function baseFiles(example: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(example).filter(([path]) => isFoundation(path)));
}
