import type { GitHub } from '../adapters/github/client.ts';
import type { Place } from '../adapters/github/is-written-by.ts';
import { readFile } from '../adapters/github/read-file.ts';
import { declaredModels } from '../pipelines/config/declared-models.ts';
import { parseConfig } from '../pipelines/config/parse-config.ts';
import type { Config } from '../pipelines/config/schema.ts';

export const configFile = 'pulltrain.yml';

/** The default branch's configuration, the only one that counts; null for a repository without Pulltrain. */
export async function readConfig(github: GitHub, place: Place): Promise<Config | null> {
  const text = await readFile(github, place, configFile);
  return text === null ? null : parseConfig(text, configFile);
}

/**
 * The models that the default branch's configuration declares, also when it has faults: those are told at their checks.
 * Empty for a repository without Pulltrain.
 */
export async function readModels(github: GitHub, place: Place): Promise<string[]> {
  const text = await readFile(github, place, configFile);
  return text === null ? [] : declaredModels(text);
}
