import type { z } from 'zod';
import { readSchema } from './read-schema.ts';

/** JSON schema, for editors, of a YAML file that people write. */
export function renderSchema(title: string, schema: z.ZodType): string {
  return `${JSON.stringify({ title, ...readSchema(schema, 'input') }, null, 2)}\n`;
}
