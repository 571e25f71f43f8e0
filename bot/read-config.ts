import type { GitHub } from '../adapters/github/client.ts';
import type { Place } from '../adapters/github/is-written-by.ts';
import { readFile } from '../adapters/github/read-file.ts';
import { parseConfig } from '../pipelines/config/parse-config.ts';
import type { Config } from '../pipelines/config/schema.ts';

const configFile = 'pulltrain.yml';

/** The default branch's configuration, the only one that counts; null for a repository without Pulltrain. */
export async function readConfig(github: GitHub, place: Place): Promise<Config | null> {
  const text = await readFile(github, place, configFile);
  return text === null ? null : parseConfig(text, configFile);
}
