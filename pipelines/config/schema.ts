import { z } from 'zod';
import { modelNameSchema, repositoryPathSchema } from '../contracts/common.ts';
import { gapNameSchema } from '../contracts/comparison.ts';
import { metricNameSchema } from '../contracts/evaluation.ts';

/** `90s`, `10m`, `12h`, `7d`. */
export const durationSchema = z.string().regex(/^\d+(s|m|h|d)$/, 'expected a number and s, m, h or d, e.g. 10m');

const informational = z.boolean().default(false);
export const gateSchema = z.union([
  z.strictObject({ metric: metricNameSchema, noninferior: z.number().positive(), informational }),
  z.strictObject({ metric: metricNameSchema, min: z.number(), informational }),
  z.strictObject({ metric: metricNameSchema, max: z.number(), informational }),
  z.strictObject({
    fairness: gapNameSchema,
    by: z.string(),
    max: z.number().min(0).max(1),
    min_group: z.int().positive().default(100),
    informational,
  }),
  z.strictObject({ cost: z.enum(['latency_p95_ms', 'size_mb', 'load_ms']), max: z.number().positive(), informational }),
]);
export type Gate = z.infer<typeof gateSchema>;

const holdoutRuleSchema = z.strictObject({
  /** Path of the pointer's data. */
  data: repositoryPathSchema,
  target: z.string(),
  /** Time column; needed by `window` and by the leak check. */
  time: z.string().optional(),
  entity: z.array(z.string()).default([]),
  /** Which labelled rows judge: the newest calendar month that has labels, or the newest N days. */
  window: z.strictObject({ newest: z.union([z.literal('month'), z.string().regex(/^\d+d$/)]) }).optional(),
});

export const analysisSchema = z.strictObject({
  min_rows: z.int().positive().default(200),
  max_hold: durationSchema.default('30m'),
  max_error_rate: z.number().min(0).max(1).default(0.01),
  max_latency_ratio: z.number().positive().default(2),
  max_score_psi: z.number().positive().default(0.25),
});
export type AnalysisPolicy = z.infer<typeof analysisSchema>;

const rolloutSchema = z.strictObject({
  /** `staging`, `shadow`, or the percentage of traffic the candidate gets; rising, ending at 100. */
  steps: z.array(z.union([z.literal('staging'), z.literal('shadow'), z.int().min(1).max(100)])).min(1),
  /** Least time at each step. */
  hold: durationSchema.default('10m'),
  analysis: z.union([z.literal('default'), analysisSchema]).default('default'),
});

const monitorSchema = z.strictObject({
  reference: z.literal('release').default('release'),
  /** Length of the window that is compared, ending at the newest logged event. */
  window: durationSchema.default('1d'),
  /** Logged column that tells when the event happened; the log's own clock when absent. */
  time: z.string().optional(),
  drift: z
    .union([
      z.literal('default'),
      z.strictObject({
        min_rows: z.int().positive().default(1000),
        columns: z.record(z.string(), z.number().positive()).default({}),
      }),
    ])
    .default('default'),
  labels: z
    .strictObject({ data: repositoryPathSchema, join: z.string(), delay: durationSchema.default('0d') })
    .optional(),
});

const retrainSchema = z.strictObject({
  on: z.array(z.enum(['drift', 'new-data', 'schedule', 'command'])).default(['command']),
  cooldown: durationSchema.default('7d'),
  /** Parameter that names the training snapshot; set to the newest pointer that matches `data`. */
  snapshot: z.strictObject({ parameter: z.string(), data: z.string() }).optional(),
  /** Parameters that bound the training window; set to the last `months` whole months of the snapshot. */
  window: z.strictObject({ months: z.int().positive(), from: z.string(), to: z.string() }).optional(),
});

export const modelSchema = z
  .strictObject({
    task: z.enum(['binary', 'multiclass', 'regression']),
    pipeline: repositoryPathSchema.default('dvc.yaml'),
    /** ONNX file that the pipeline's last stage writes. */
    output: repositoryPathSchema,
    /** Longest a training run may take. */
    timeout: durationSchema.default('1h'),
    holdout: holdoutRuleSchema,
    /** Score at which a row counts as positive (binary). */
    threshold: z.number().gt(0).lt(1).default(0.5),
    slices: z.array(z.string()).default([]),
    protected: z.array(z.string()).default([]),
    metrics: z.strictObject({ primary: metricNameSchema, also: z.array(metricNameSchema).default([]) }),
    gates: z.array(gateSchema).default([]),
    serve: z
      .strictObject({
        features: z.string().optional(),
        /** Request columns that are logged beside the model's inputs. */
        log: z.array(z.string()).default([]),
        batch: z.strictObject({ max: z.int().positive() }).default({ max: 64 }),
      })
      .default({ log: [], batch: { max: 64 } }),
    rollout: rolloutSchema.default({ steps: ['staging', 'shadow', 2, 25, 75, 100], hold: '10m', analysis: 'default' }),
    monitor: monitorSchema.optional(),
    retrain: retrainSchema.optional(),
  })
  .readonly();
export type ModelConfig = z.infer<typeof modelSchema>;

const label = z.union([z.string(), z.array(z.string()).min(1)]);

/** `pulltrain.yml`. Policy counts only as it stands on the default branch. */
export const configSchema = z
  .strictObject({
    version: z.literal(1),
    models: z.record(modelNameSchema, modelSchema),
    runners: z
      .strictObject({ train: label.default(['self-hosted', 'gpu']), evaluate: label.default('ubuntu-latest') })
      .prefault({}),
    data: z.strictObject({ remote: z.string().optional() }).prefault({}),
  })
  .readonly();
export type Config = z.infer<typeof configSchema>;
