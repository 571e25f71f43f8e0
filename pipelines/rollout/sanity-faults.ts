import type { ModelManifest } from '../contracts/model-manifest.ts';

type Answer = { outputs: readonly { name: string; data: readonly (number | string | boolean | null)[] }[] };

/**
 * What is wrong with two answers to the same rows: numbers must be finite, probabilities within [0, 1], and the second
 * answer the first. Empty when nothing is.
 */
export function sanityFaults(task: ModelManifest['task'], first: Answer, second: Answer): string[] {
  if (first.outputs.length === 0) return ['the model gave no outputs'];
  return first.outputs.flatMap(({ name, data }) => {
    const again = second.outputs.find((output) => output.name === name)?.data ?? [];
    const isProbability = task !== 'regression' && name.startsWith('probabilit');
    return [
      data.length > 0 ? [] : [`${name} is empty`],
      data.every((value) => value !== null) ? [] : [`${name} holds values that are not finite`],
      isProbability && data.some((value) => typeof value === 'number' && (value < 0 || value > 1))
        ? [`${name} lies outside 0 and 1`]
        : [],
      JSON.stringify(data) === JSON.stringify(again) ? [] : [`${name} differs between two calls with the same rows`],
    ].flat();
  });
}
