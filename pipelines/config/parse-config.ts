import { z } from 'zod';
import { parseYaml, type YamlFault } from './parse-yaml.ts';
import { looseModelSchema, modelRules } from './rules.ts';
import { type Config, configSchema } from './schema.ts';

/**
 * Reads `pulltrain.yml`: YAML, then shape, then the rules that join several keys. Returns a value frozen all the way
 * down. Throws `ConfigInvalid` (code `config-invalid`) with every fault and its line and column; `file` is what the
 * sentence calls the text.
 */
export function parseConfig(text: string, file: string): Config {
  return parseYaml(text, file, configSchema, ruleFaults);
}

const modelsSchema = z.object({ models: z.record(z.string(), z.unknown()) });
const outputSchema = z.object({ output: z.string() });

function ruleFaults(value: unknown): YamlFault[] {
  const parsed = modelsSchema.safeParse(value);
  if (!parsed.success) return [];
  const models = Object.entries(parsed.data.models);
  if (models.length === 0) return [{ path: ['models'], message: 'names no model' }];
  const outputs = new Map<string, string>();
  return models.flatMap(([name, raw]) => {
    const model = looseModelSchema.safeParse(raw);
    const faults = model.success ? modelRules.flatMap((rule) => rule(model.data)) : [];
    const output = outputSchema.safeParse(raw).data?.output;
    const other = output === undefined ? undefined : outputs.get(output);
    if (output !== undefined) outputs.set(output, other ?? name);
    return [
      ...faults.map(({ path, message }) => ({ path: ['models', name, ...path], message })),
      ...(other === undefined
        ? []
        : [{ path: ['models', name, 'output'], message: `is also the output of model ${other}` }]),
    ];
  });
}
