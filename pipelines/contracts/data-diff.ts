import { z } from 'zod';

const count = z.number().nonnegative();
const share = z.number().min(0).max(1);
const columnSchema = z.strictObject({ name: z.string().max(1024), type: z.string().max(1024) });
const estimateSchema = z.strictObject({
  count,
  error: count.describe('What it may be off by; 0 where it was counted.'),
});

/** How far the values of a column moved from one table to the other. */
export const columnShiftSchema = z.strictObject({
  name: z.string().max(1024),
  kind: z.enum(['integer', 'number', 'time', 'boolean', 'text']),
  distance: share.describe(
    'Greatest difference of the distribution functions (Kolmogorov-Smirnov); of texts the share of rows that would have to change.',
  ),
  noise: share.describe('Distance that two samples of one and the same table exceed once in a thousand times.'),
  missing: z.tuple([share, share]).describe('Share of the rows, base and head.'),
  middle: z.tuple([z.number().nullable(), z.number().nullable()]).describe('Medians; seconds since 1970 UTC of times.'),
});
export type ColumnShift = z.infer<typeof columnShiftSchema>;

export const dataDiffSchema = z
  .strictObject({
    base: z.strictObject({ path: z.string().max(1024), rows: z.int().nonnegative() }),
    head: z.strictObject({ path: z.string().max(1024), rows: z.int().nonnegative() }),
    columns: z.strictObject({
      added: z.array(columnSchema).max(200),
      removed: z.array(columnSchema).max(200),
      retyped: z
        .array(z.strictObject({ name: z.string().max(1024), base: z.string().max(1024), head: z.string().max(1024) }))
        .max(200),
    }),
    rows: z
      .strictObject({ added: estimateSchema, removed: estimateSchema, columns: z.int().positive() })
      .nullable()
      .describe('Rows that one table has and the other has not, equal rows counted, by the columns that both have.'),
    shifts: z.array(columnShiftSchema).max(200).describe('The greatest first.'),
    sampled: z.tuple([z.int().nonnegative(), z.int().nonnegative()]).describe('Rows behind the shifts.'),
    label: z
      .strictObject({
        column: z.string().max(1024),
        values: z.array(z.strictObject({ value: z.string().max(1024).nullable(), base: count, head: count })).max(50),
      })
      .nullable(),
  })
  .describe('What differs between two tables, worked out from their rows.');
export type DataDiff = z.infer<typeof dataDiffSchema>;
