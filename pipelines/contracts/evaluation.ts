import { z } from 'zod';
import { daySchema, integritySchema, intervalSchema, modelNameSchema, sha256Schema } from './common.ts';
import { explanationSchema } from './explanation.ts';

/** Which rows judged. Two evaluations are comparable when their `integrity` is the same. */
export const holdoutSchema = z.strictObject({
  data: z.string(),
  dataIntegrity: integritySchema,
  rule: z.string().describe('The rule in words, e.g. `newest month of date`.'),
  from: daySchema.nullable(),
  to: daySchema.nullable(),
  rows: z.int().positive(),
  integrity: integritySchema.describe('Hash of data integrity, rule, target and window.'),
});
export type Holdout = z.infer<typeof holdoutSchema>;

export const metricNameSchema = z.enum([
  'roc_auc',
  'pr_auc',
  'log_loss',
  'brier',
  'ece',
  'accuracy',
  'precision',
  'recall',
  'f1',
  'mae',
  'rmse',
  'r2',
]);
export type MetricName = z.infer<typeof metricNameSchema>;

export const metricValueSchema = z.strictObject({
  name: metricNameSchema,
  value: z.number(),
  interval: intervalSchema.nullable(),
  n: z.int().positive(),
});
export type MetricValue = z.infer<typeof metricValueSchema>;

/** One group of one column. A rate without a denominator is `null`: undefined, never 0. */
export const groupSchema = z.strictObject({
  by: z.string(),
  group: z.string(),
  n: z.int().nonnegative(),
  positives: z.int().nonnegative(),
  selectionRate: z.number().nullable(),
  truePositiveRate: z.number().nullable(),
  falsePositiveRate: z.number().nullable(),
  rocAuc: z.number().nullable(),
});
export type Group = z.infer<typeof groupSchema>;

export const costSchema = z.strictObject({
  size: z.int().positive().describe('Bytes of the model file.'),
  loadMs: z.number().nonnegative(),
  latencyP50Ms: z.number().nonnegative().describe('Milliseconds for a single-row call.'),
  latencyP95Ms: z.number().nonnegative(),
  rowsPerSecond: z.number().positive(),
});
export type Cost = z.infer<typeof costSchema>;

export const tensorSchema = z.strictObject({ name: z.string(), type: z.string() });

export const evaluationSchema = z
  .strictObject({
    kind: z.literal('evaluation'),
    version: z.literal(1),
    model: modelNameSchema,
    sha256: sha256Schema,
    task: z.enum(['binary', 'multiclass', 'regression']),
    threshold: z.number().nullable(),
    holdout: holdoutSchema,
    inputs: z.array(tensorSchema),
    metrics: z.array(metricValueSchema),
    groups: z.array(groupSchema),
    cost: costSchema,
    predictions: z
      .strictObject({ path: z.string(), integrity: integritySchema, rows: z.int().positive() })
      .describe('Parquet beside this document: row (holdout order), label, score, and the slice columns.'),
    explanation: explanationSchema
      .optional()
      .describe(
        'What the model goes by, measured on a sample of the holdout; in the evaluation of a head also of its base.',
      ),
  })
  .describe('Metrics and per-row predictions of one ONNX file on one holdout, made on the trusted side.');
export type Evaluation = z.infer<typeof evaluationSchema>;
