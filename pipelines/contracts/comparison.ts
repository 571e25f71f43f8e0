import { z } from 'zod';
import { integritySchema, intervalSchema, modelNameSchema, sha256Schema } from './common.ts';
import { holdoutSchema, metricNameSchema } from './evaluation.ts';
import { groupFairnessSchema } from './fairness.ts';

/** One test of no difference; `statistic` is null where the test has none but its p-value. */
export const pairedTestSchema = z.strictObject({
  name: z.enum([
    'DeLong',
    'McNemar exact',
    'McNemar mid-p',
    'McNemar chi-squared',
    'McNemar chi-squared, continuity corrected',
    'paired t',
    'Wilcoxon signed-rank',
    'normal',
    'bootstrap',
  ]),
  statistic: z.number().nullable(),
  degreesOfFreedom: z.number().positive().optional(),
  p: z.number().min(0).max(1),
});
export type PairedTest = z.infer<typeof pairedTestSchema>;

/** Rows by which of the two models decided them rightly: McNemar's table. */
export const agreementSchema = z.strictObject({
  bothRight: z.int().nonnegative(),
  onlyBaseRight: z.int().nonnegative(),
  onlyHeadRight: z.int().nonnegative(),
  bothWrong: z.int().nonnegative(),
});
export type Agreement = z.infer<typeof agreementSchema>;

/** Paired difference head - base on the same rows, with a two-sided interval and the method that made it. */
export const deltaSchema = z.strictObject({
  value: z.number(),
  low: z.number(),
  high: z.number(),
  level: z.number().gt(0).lt(1),
  method: z.string(),
  p: z.number().min(0).max(1).nullable(),
  standardError: z.number().nonnegative().nullable(),
  n: z
    .int()
    .positive()
    .optional()
    .describe('What was compared: rows, queries, or groups of rows that belong together.'),
  tests: z.array(pairedTestSchema).optional().describe('Every test of no difference that fits the metric.'),
  agreement: agreementSchema.optional(),
  quantiles: z
    .array(z.tuple([z.number().gt(0).lt(1), z.number()]))
    .optional()
    .describe('One-sided confidence and the bound that has it, rising; for methods without a normal shape.'),
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

export const gapNameSchema = z.enum([
  'tpr_gap',
  'fpr_gap',
  'selection_gap',
  'ppv_gap',
  'npv_gap',
  'accuracy_gap',
  'auc_gap',
  'calibration_gap',
  'equalised_odds',
]);
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

/** What a gate asks of one slice: a metric of both models there, and its paired change. */
export const sliceMetricSchema = z.strictObject({
  slice: z
    .array(z.strictObject({ by: z.string(), group: z.string() }))
    .describe('One column and its value, or several that hold at once; all rows when there is none.'),
  n: z.int().nonnegative(),
  metric: z.string().describe('Name of a metric, or `calibration`: how far the mean score lies from the mean label.'),
  base: z.number().nullable(),
  head: z.number().nullable(),
  interval: intervalSchema.nullable().describe('Of the head.'),
  delta: deltaSchema.nullable(),
});
export type SliceMetric = z.infer<typeof sliceMetricSchema>;

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
    interval: z
      .enum(['percentile', 'bca'])
      .optional()
      .describe('Ends of bootstrap intervals: percentiles, or bias-corrected and accelerated.'),
    metrics: z.array(metricChangeSchema),
    fairness: z.array(fairnessChangeSchema),
    groupFairness: groupFairnessSchema
      .optional()
      .describe(
        'Every group of the protected columns with all its rates; absent in older comparisons and other tasks.',
      ),
    slices: z
      .array(sliceChangeSchema)
      .optional()
      .describe(
        'The first metric in every group that is large enough; absent in older comparisons and without a base.',
      ),
    sliceMetrics: z
      .array(sliceMetricSchema)
      .optional()
      .describe('Every slice that a gate asks for, those too small to judge among them.'),
    cluster: z.string().optional().describe('Column whose equal values belong together and are drawn together.'),
  })
  .describe('Two evaluations on the same holdout, paired row by row. `base` is null for a first model.');
export type Comparison = z.infer<typeof comparisonSchema>;
