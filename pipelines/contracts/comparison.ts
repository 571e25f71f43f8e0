import { z } from 'zod';
import { integritySchema, modelNameSchema, sha256Schema } from './common.ts';
import { holdoutSchema, metricNameSchema } from './evaluation.ts';

/** Paired difference head - base on the same rows, with a two-sided interval and the method that made it. */
export const deltaSchema = z.strictObject({
  value: z.number(),
  low: z.number(),
  high: z.number(),
  level: z.number().gt(0).lt(1),
  method: z.string(),
  p: z.number().min(0).max(1).nullable(),
  standardError: z.number().nonnegative().nullable(),
});
export type Delta = z.infer<typeof deltaSchema>;

export const metricChangeSchema = z.strictObject({
  name: metricNameSchema,
  direction: z.enum(['higher', 'lower']),
  base: z.number().nullable(),
  head: z.number(),
  delta: deltaSchema.nullable(),
  detectable: z.number().nonnegative().nullable().describe('Smallest change this holdout shows with 80 % power.'),
  n: z.int().positive(),
});
export type MetricChange = z.infer<typeof metricChangeSchema>;

export const gapNameSchema = z.enum(['tpr_gap', 'fpr_gap', 'selection_gap']);
export type GapName = z.infer<typeof gapNameSchema>;

export const groupRateSchema = z.strictObject({
  group: z.string(),
  n: z.int().nonnegative(),
  denominator: z.int().nonnegative().describe('Rows the rate is taken over.'),
  base: z.number().nullable(),
  head: z.number().nullable(),
});

/** Largest minus smallest rate over groups that are large enough to judge; the others are listed by name. */
export const fairnessChangeSchema = z.strictObject({
  by: z.string(),
  gap: gapNameSchema,
  base: z.number().nullable(),
  head: z.number().nullable(),
  headLow: z.number().nullable(),
  headHigh: z.number().nullable(),
  delta: deltaSchema.nullable(),
  lowest: z.string().nullable(),
  highest: z.string().nullable(),
  groups: z.array(groupRateSchema),
  tooSmall: z.array(z.string()),
});
export type FairnessChange = z.infer<typeof fairnessChangeSchema>;

export const sliceChangeSchema = z.strictObject({
  by: z.string(),
  group: z.string(),
  n: z.int().positive(),
  metric: metricNameSchema,
  delta: deltaSchema.nullable().describe('Its interval holds for all slices together.'),
});
export type SliceChange = z.infer<typeof sliceChangeSchema>;

export const comparisonSchema = z
  .strictObject({
    kind: z.literal('comparison'),
    version: z.literal(1),
    model: modelNameSchema,
    holdout: holdoutSchema,
    base: z.strictObject({ sha256: sha256Schema, evaluation: integritySchema }).nullable(),
    head: z.strictObject({ sha256: sha256Schema, evaluation: integritySchema }),
    identical: z.boolean().describe('Every prediction equal: no difference, whatever the interval.'),
    seed: z.int().nonnegative(),
    resamples: z.int().nonnegative(),
    metrics: z.array(metricChangeSchema),
    fairness: z.array(fairnessChangeSchema),
    slices: z
      .array(sliceChangeSchema)
      .optional()
      .describe(
        'The first metric in every group that is large enough; absent in older comparisons and without a base.',
      ),
  })
  .describe('Two evaluations on the same holdout, paired row by row. `base` is null for a first model.');
export type Comparison = z.infer<typeof comparisonSchema>;
