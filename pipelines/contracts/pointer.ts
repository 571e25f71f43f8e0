import { z } from 'zod';
import { daySchema, integritySchema } from './common.ts';

/** What is known of a table without opening it; lets a review show what changed in the data. */
export const tableShapeSchema = z.strictObject({
  rows: z.int().nonnegative(),
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  /** First and last calendar day of the time column, both inclusive. */
  time: z.strictObject({ column: z.string(), from: daySchema, to: daySchema }).optional(),
});
export type TableShape = z.infer<typeof tableShapeSchema>;

/** The small YAML file `<path>.pointer.yml` that stands in git for bytes in the content-addressed store. */
export const pointerSchema = z.strictObject({
  kind: z.literal('pointer'),
  version: z.literal(1),
  integrity: integritySchema,
  /** Bytes. */
  size: z.int().nonnegative(),
  table: tableShapeSchema.optional(),
  source: z.string().optional(),
  licence: z.string().optional(),
});
export type Pointer = z.infer<typeof pointerSchema>;

/** Where the pointer of a data path lies in git. */
export function pointerPath(dataPath: string): string {
  return `${dataPath}.pointer.yml`;
}
