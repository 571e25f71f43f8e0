import { z } from 'zod';
import { daySchema, integritySchema } from './common.ts';

/** What is known of a table without opening it; lets a review show what changed in the data. */
export const tableShapeSchema = z.strictObject({
  rows: z.int().nonnegative(),
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  time: z
    .strictObject({ column: z.string(), from: daySchema, to: daySchema })
    .optional()
    .describe('First and last calendar day of the time column, both inclusive.'),
});
export type TableShape = z.infer<typeof tableShapeSchema>;

export const pointerSchema = z
  .strictObject({
    kind: z.literal('pointer'),
    version: z.literal(1),
    integrity: integritySchema,
    size: z.int().nonnegative().describe('Bytes.'),
    table: tableShapeSchema.optional(),
    source: z.string().optional(),
    licence: z.string().optional(),
  })
  .describe('The small YAML file `<path>.pointer.yml` that stands in git for bytes in the content-addressed store.');
export type Pointer = z.infer<typeof pointerSchema>;

/** Where the pointer of a data path lies in git. */
export function pointerPath(dataPath: string): string {
  return `${dataPath}.pointer.yml`;
}
