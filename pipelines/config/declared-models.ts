import { parseDocument } from 'yaml';
import { z } from 'zod';
import { modelNameSchema } from '../contracts/common.ts';
import { longestConfig } from './longest-config.ts';

const declarationSchema = z.object({ models: z.record(z.string(), z.unknown()) });

/**
 * Names of the models that a configuration declares, however faulty the rest of it is: what is wrong can be told at
 * their checks. Empty where not even the names can be read.
 */
export function declaredModels(text: string): string[] {
  if (text.length > longestConfig) return [];
  const declaration = declarationSchema.safeParse(readValue(text));
  return Object.keys(declaration.data?.models ?? {}).filter((name) => modelNameSchema.safeParse(name).success);
}

function readValue(text: string): unknown {
  try {
    return parseDocument(text, { prettyErrors: false }).toJS({ maxAliasCount: 100 });
  } catch {
    // Too many aliases, or nothing that has a value: no name can be read.
    return null;
  }
}
