import { configSchema } from '../../pipelines/config/schema.ts';
import { readSchema } from './read-schema.ts';

/** JSON schema of `pulltrain.yml` for editors. */
export function renderConfigSchema(): string {
  return `${JSON.stringify({ title: 'pulltrain.yml', ...readSchema(configSchema, 'input') }, null, 2)}\n`;
}
