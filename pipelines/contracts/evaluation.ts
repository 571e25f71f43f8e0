import { z } from 'zod';
import { daySchema, integritySchema, intervalSchema, modelNameSchema, sha256Schema } from './common.ts';
import { explanationSchema } from './explanation.ts';
import { robustnessSchema } from './robustness.ts';

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

const plainMetrics = [
  'roc_auc',
  'roc_auc_weighted',
  'pr_auc',
  'log_loss',
  'brier',
  'ece',
  'accuracy',
  'balanced_accuracy',
  'precision',
  'precision_micro',
  'precision_weighted',
  'recall',
  'recall_micro',
  'recall_weighted',
  'specificity',
  'f1',
  'f1_micro',
  'f1_weighted',
  'mcc',
  'kappa',
  'jaccard',
  'hamming_loss',
  'mae',
  'mse',
  'rmse',
  'r2',
  'explained_variance',
  'mape',
  'msle',
  'median_ae',
  'max_error',
  'ndcg',
  'mrr',
] as const;

const above0 = /(?:[1-9]\d{0,5}(?:\.\d{1,6})?|0\.\d{0,5}[1-9])/;
const share = /0\.\d{0,5}[1-9]/;
const count = /[1-9]\d{0,5}/;

/**
 * A metric by the name that stands in configurations and documents. The four that need a number carry it behind an `@`,
 * so that a name says all there is to say. Of several classes or labels a bare name is the unweighted (macro) mean.
 */
export const metricNameSchema = z.union([
  z.enum(plainMetrics),
  z.templateLiteral(['f_beta@', z.string().regex(above0)], { error: 'f_beta@ and a beta, as in f_beta@2' }),
  z.templateLiteral(['top_k@', z.string().regex(count)], { error: 'top_k@ and a count, as in top_k@5' }),
  z.templateLiteral(['pinball@', z.string().regex(share)], { error: 'pinball@ and a quantile, as in pinball@0.9' }),
  z.templateLiteral(['ndcg@', z.string().regex(count)], { error: 'ndcg@ and a count, as in ndcg@10' }),
]);
export type MetricName = z.infer<typeof metricNameSchema>;

/** Kind of prediction. */
export const taskSchema = z.enum(['binary', 'multiclass', 'multilabel', 'regression', 'ranking']);
export type Task = z.infer<typeof taskSchema>;

/** What a predictor that ignores the inputs gets on the same rows. It knows their labels, so it is the best of its kind. */
export const metricBaselineSchema = z.strictObject({
  predictor: z.string().describe('What it always says, e.g. `prior`, `most frequent`, `mean`, `median`.'),
  value: z.number().nullable().describe('Null where the metric is undefined for it.'),
});
export type MetricBaseline = z.infer<typeof metricBaselineSchema>;

export const metricValueSchema = z.strictObject({
  name: metricNameSchema,
  value: z.number(),
  interval: intervalSchema.nullable(),
  n: z.int().positive().describe('Rows, or queries of a ranking, that the value is taken over.'),
  method: z.string().optional().describe('How the interval was made.'),
  baseline: metricBaselineSchema.optional(),
});
export type MetricValue = z.infer<typeof metricValueSchema>;

/** A metric that these rows do not define: never 0, and never silently absent. */
export const undefinedMetricSchema = z.strictObject({
  name: metricNameSchema,
  value: z.null(),
  reason: z.string(),
  n: z.int().nonnegative(),
});

/** A metric of a part of the rows; `value` is null, with a reason, where it is undefined there. */
export const partMetricSchema = z.strictObject({
  name: metricNameSchema,
  value: z.number().nullable(),
  interval: intervalSchema.nullable(),
  n: z.int().nonnegative(),
  reason: z.string().optional(),
});
export type PartMetric = z.infer<typeof partMetricSchema>;

export const sliceSchema = z.strictObject({
  by: z.string(),
  group: z.string(),
  n: z.int().nonnegative(),
  metrics: z.array(partMetricSchema),
});
export type Slice = z.infer<typeof sliceSchema>;

/** One class of a multiclass model against all others, or one label of a multilabel model. */
export const classResultSchema = z.strictObject({
  class: z.string(),
  n: z.int().nonnegative().describe('Rows that are of the class.'),
  predicted: z.int().nonnegative().describe('Rows that the model decides to be of the class.'),
  metrics: z.array(partMetricSchema),
});
export type ClassResult = z.infer<typeof classResultSchema>;

const rate = z.number().min(0).max(1);
/** Score from which on a row counts as positive at this point; null where the curve starts, above every score. */
const thresholdOfPoint = z.number().nullable();
const rocPointSchema = z.strictObject({
  falsePositiveRate: rate,
  truePositiveRate: rate,
  threshold: thresholdOfPoint,
});
const precisionRecallPointSchema = z.strictObject({ recall: rate, precision: rate, threshold: thresholdOfPoint });
const curveClass = z.string().nullable().describe('Class or label against all others; null for a binary model.');

/** What charts are drawn from: thinned to 200 points a curve, ends and corners kept. Of many classes the ten largest. */
export const curvesSchema = z.strictObject({
  roc: z.array(z.strictObject({ class: curveClass, points: z.array(rocPointSchema).max(200) })).optional(),
  precisionRecall: z
    .array(z.strictObject({ class: curveClass, points: z.array(precisionRecallPointSchema).max(200) }))
    .optional(),
  reliability: z
    .strictObject({
      of: z.string().describe('What is held against what, and how the bins are cut.'),
      bins: z
        .array(
          z.strictObject({
            from: z.number(),
            to: z.number(),
            n: z.int().positive(),
            predicted: z.number().describe('Mean of what was predicted.'),
            observed: z.number().describe('Share of positives, share of right decisions, or mean of the truth.'),
            low: z.number(),
            high: z.number(),
          }),
        )
        .max(200),
    })
    .optional(),
  gain: z
    .array(
      z.strictObject({
        share: rate.describe('Of the rows, those with the highest scores.'),
        captured: rate.describe('Share of all positives among them.'),
        lift: z.number().nonnegative().describe('`captured / share`.'),
      }),
    )
    .max(200)
    .optional(),
  confusion: z
    .strictObject({
      classes: z.array(z.string()).describe('The last one stands for all others when there are more than 50.'),
      counts: z.array(z.array(z.int().nonnegative())).describe('Row: truth, column: decision.'),
    })
    .optional(),
  scores: z
    .strictObject({
      edges: z.array(z.number()).max(200),
      groups: z.array(z.strictObject({ group: z.string(), counts: z.array(z.int().nonnegative()).max(200) })),
    })
    .optional()
    .describe('How the scores lie, by truth.'),
  residuals: z
    .strictObject({ edges: z.array(z.number()).max(200), counts: z.array(z.int().nonnegative()).max(200) })
    .optional()
    .describe('Prediction minus truth; the outer bins hold all that lies beyond.'),
});
export type Curves = z.infer<typeof curvesSchema>;

/** The parts of the rows, by one column or two, on which the model errs more than on the others. */
export const worstSlicesSchema = z.strictObject({
  loss: z.string().describe('Mean per row that is compared, e.g. `log_loss`.'),
  test: z.string().describe('Against what, by which test, and how it is corrected for the number of slices.'),
  tested: z.int().nonnegative().describe('Slices that were looked at.'),
  minSize: z.int().positive().describe('Smaller slices are not looked at.'),
  rows: z.int().nonnegative().describe('Rows that were looked at; fewer than all when they were sampled.'),
  columns: z.array(z.string()),
  overall: z.number().nullable(),
  slices: z.array(
    z.strictObject({
      where: z.array(z.strictObject({ by: z.string(), group: z.string() })).min(1),
      n: z.int().positive(),
      value: z.number().describe('Mean loss of the slice.'),
      difference: z.number().describe('Mean loss of the slice minus that of all other rows.'),
      interval: intervalSchema.describe('Of the difference.'),
      p: z.number().min(0).max(1),
      adjustedP: z.number().min(0).max(1),
    }),
  ),
});
export type WorstSlices = z.infer<typeof worstSlicesSchema>;

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
  rowsPerSecond: z.number().positive().describe('In the largest calls that were timed, with one thread.'),
  modelSeconds: z
    .number()
    .nonnegative()
    .optional()
    .describe(
      'Seconds that the model itself ran in this evaluation: for scores, latencies, robustness and explanation.',
    ),
  latencies: z
    .array(
      z.strictObject({
        rows: z.int().positive().describe('Rows of a call.'),
        calls: z.int().positive().describe('Calls that were timed.'),
        p50Ms: z.number().nonnegative(),
        p95Ms: z.number().nonnegative(),
        p99Ms: z.number().nonnegative(),
      }),
    )
    .max(20)
    .optional()
    .describe('How long calls of several sizes take, one thread, without making their tensors.'),
  peakMemory: z
    .int()
    .positive()
    .optional()
    .describe('Most bytes that the scoring process held, the runtime itself included.'),
  provider: z.enum(['cpu', 'cuda']).optional().describe('What computed; the processor when absent.'),
});
export type Cost = z.infer<typeof costSchema>;

export const tensorSchema = z.strictObject({ name: z.string(), type: z.string() });

export const evaluationSchema = z
  .strictObject({
    kind: z.literal('evaluation'),
    version: z.literal(1),
    model: modelNameSchema,
    sha256: sha256Schema.describe('Of the model file, or of the file with its predictions when no model was at hand.'),
    source: z
      .enum(['model', 'predictions'])
      .optional()
      .describe('What was measured: an ONNX file, or predictions that were made elsewhere. A model when absent.'),
    task: taskSchema,
    threshold: z.number().nullable(),
    classes: z
      .array(z.string())
      .optional()
      .describe(
        'Classes or labels in the order of the scores; of a binary model the negative one and the positive one.',
      ),
    holdout: holdoutSchema,
    inputs: z.array(tensorSchema),
    metrics: z.array(metricValueSchema),
    undefinedMetrics: z.array(undefinedMetricSchema).optional(),
    conventions: z
      .record(z.string(), z.string())
      .optional()
      .describe('Of metrics that go by one name and several definitions, the one that was taken.'),
    groups: z.array(groupSchema),
    slices: z.array(sliceSchema).optional().describe('Every metric in every group of the slice columns.'),
    byClass: z.array(classResultSchema).optional(),
    curves: curvesSchema.optional(),
    worstSlices: worstSlicesSchema.optional(),
    cost: costSchema.optional().describe('Absent when predictions were measured and no model.'),
    predictions: z
      .strictObject({ path: z.string(), integrity: integritySchema, rows: z.int().positive() })
      .describe(
        'Parquet beside this document: row (holdout order), label, score and the slice columns; of several classes score_0 and so on, of several labels also label_0 and so on, of a ranking query, and prediction where a decision was given.',
      ),
    robustness: robustnessSchema
      .optional()
      .describe('How the answers move when inputs are missing, unheard of, noisy or nonsense.'),
    explanation: explanationSchema
      .optional()
      .describe(
        'What the model goes by, measured on a sample of the holdout; in the evaluation of a head also of its base.',
      ),
  })
  .describe('Metrics and per-row predictions of one model on one holdout, made on the trusted side.');
export type Evaluation = z.infer<typeof evaluationSchema>;
