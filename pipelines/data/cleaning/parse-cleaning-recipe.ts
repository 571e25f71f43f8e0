import { z } from 'zod';
import { parseYaml, type YamlFault } from '../../config/parse-yaml.ts';
import { type CleaningRecipe, cleaningRecipeSchema } from '../../contracts/cleaning-recipe.ts';

/** Reads a cleaning recipe; throws `ConfigInvalid` with every fault and its line. `file` is what the sentence calls it. */
export function parseCleaningRecipe(text: string, file: string): CleaningRecipe {
  return parseYaml<CleaningRecipe>(text, file, cleaningRecipeSchema, ruleFaults);
}

const loose = z.object({
  steps: z.array(
    z
      .looseObject({
        do: z.string().optional(),
        low: z.number().optional(),
        high: z.number().optional(),
      })
      .catch({}),
  ),
});

function ruleFaults(value: unknown): YamlFault[] {
  const parsed = loose.safeParse(value);
  if (!parsed.success) return [];
  return parsed.data.steps.flatMap((step, index) => {
    const { low = 0.01, high = 0.99 } = step;
    return step.do === 'clip' && low >= high
      ? [{ path: ['steps', index, 'high'], message: `must be greater than low (${high} <= ${low})` }]
      : [];
  });
}
