import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseConfig } from '../../pipelines/config/parse-config.ts';

/** Paths of the data that judges, after `pulltrain.yml`; none where there is no readable one. */
export async function readHoldouts(root: string): Promise<string[]> {
  try {
    const config = parseConfig(await readFile(join(root, 'pulltrain.yml'), 'utf8'), 'pulltrain.yml');
    return Object.values(config.models).map(({ holdout }) => holdout.data);
  } catch {
    return [];
  }
}
