import { z } from 'zod';
import { daySchema, modelNameSchema } from './common.ts';

/** Counts of one numeric column between frozen edges: `counts[i]` covers (edges[i-1], edges[i]], outer bins open. */
export const numericProfileSchema = z.strictObject({
  type: z.literal('numeric'),
  name: z.string(),
  missing: z.int().nonnegative(),
  mean: z.number().nullable(),
  std: z.number().nonnegative().nullable(),
  edges: z.array(z.number()),
  counts: z.array(z.int().nonnegative()).describe('One more than edges.'),
});

/** Counts of one categorical column; everything past the listed categories is `other`. */
export const categoricalProfileSchema = z.strictObject({
  type: z.literal('categorical'),
  name: z.string(),
  missing: z.int().nonnegative(),
  counts: z.record(z.string(), z.int().nonnegative()),
  other: z.int().nonnegative(),
});

export const columnProfileSchema = z.discriminatedUnion('type', [numericProfileSchema, categoricalProfileSchema]);
export type ColumnProfile = z.infer<typeof columnProfileSchema>;

export const profileSchema = z
  .strictObject({
    kind: z.literal('profile'),
    version: z.literal(1),
    model: modelNameSchema,
    rows: z.int().positive(),
    from: daySchema.nullable(),
    to: daySchema.nullable(),
    columns: z.array(columnProfileSchema),
    score: numericProfileSchema,
    labelMean: z.number().nullable().describe('Share of positive labels (binary) or mean label; null without labels.'),
    quality: z
      .strictObject({ metric: z.string(), value: z.number(), standardError: z.number().nonnegative().nullable() })
      .nullable()
      .describe('Realised primary metric on the reference rows.'),
    thresholds: z
      .record(z.string(), z.number().nonnegative())
      .describe(
        'Column name (or `score`, `@label`, `@calibration`) to the drift that chunks of the reference showed: mean + 3 std. Empty when the reference is too short to tell.',
      ),
    chunks: z.int().nonnegative(),
  })
  .describe(
    '`profile.json` of a release: its inputs, score and label on the holdout, and how far chunks of that same holdout stray from the rest of it, which is what drift must exceed.',
  );
export type Profile = z.infer<typeof profileSchema>;
