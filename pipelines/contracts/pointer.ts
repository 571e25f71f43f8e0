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
    type: z.enum(['file', 'directory']).optional().describe('A file when left out.'),
    integrity: integritySchema.describe('Of the bytes of a file, or of the root tree object of a directory.'),
    size: z.int().nonnegative().describe('Bytes, of a directory those of all its files.'),
    files: z.int().nonnegative().optional().describe('Files below a directory.'),
    table: tableShapeSchema.optional(),
    source: z.string().optional(),
    licence: z.string().optional(),
    madeBy: z
      .strictObject({ run: integritySchema, stage: z.string() })
      .optional()
      .describe('The stage that wrote the data, by the key under which its run is recorded.'),
  })
  .describe('The small YAML file `<path>.pointer.yml` that stands in git for bytes in the content-addressed store.');
export type Pointer = z.infer<typeof pointerSchema>;

/** Where the pointer of a data path lies in git. */
export function pointerPath(dataPath: string): string {
  return `${dataPath}.pointer.yml`;
}
