import { z } from 'zod';
import { modelNameSchema, repositoryPathSchema } from '../contracts/common.ts';
import { metricNameSchema, taskSchema } from '../contracts/evaluation.ts';
import { serviceNameSchema } from '../contracts/feature-pin.ts';
import { gateSchema } from './gate-schema.ts';

/** `90s`, `10m`, `12h`, `7d`. */
export const durationSchema = z
  .string()
  .regex(/^\d+(s|m|h|d)$/, 'expected a number and s, m, h or d, e.g. 10m')
  .meta({ title: 'duration' });

const holdoutRuleSchema = z.strictObject({
  data: repositoryPathSchema.describe('Path of the holdout; its pointer `<path>.pointer.yml` lies beside it in git.'),
  target: z
    .string()
    .describe(
      'Column with the truth: 0 or 1 (binary), a class (multiclass), a number (regression), a relevance (ranking).',
    ),
  labels: z
    .array(z.string())
    .min(2)
    .optional()
    .describe('Columns with the truth of each label, 0 or 1 (multilabel); `target` is one of them.'),
  query: z
    .string()
    .optional()
    .describe('Column that names the query whose rows are ranked against each other (ranking).'),
  time: z.string().optional().describe('Time column; needed by `window` and by the leak check.'),
  entity: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .optional()
    .describe(
      'Column, or columns together, that name whom or what a row is about; no entity of the holdout may be in training data.',
    ),
  window: z
    .strictObject({
      newest: z
        .union([z.literal('month'), z.string().regex(/^\d+d$/)])
        .describe('The newest calendar month that has labels (`month`), or the newest N days (`30d`).'),
    })
    .optional()
    .describe('Which labelled rows judge; all of them when left out.'),
  fold: z
    .strictObject({
      of: z.int().min(2).max(100).describe('Parts of about the same size; an entity is in one part as a whole.'),
      use: z.int().min(1).describe('The part that judges, from 1; `/rotate-holdout` proposes the next one.'),
    })
    .optional()
    .describe('Judges by one part of the rows and keeps the others fresh for later; all rows when left out.'),
  wear: z
    .strictObject({
      warn: z.int().nonnegative().default(50).describe('Candidates after which the report warns.'),
      limit: z
        .int()
        .nonnegative()
        .default(200)
        .describe(
          'Candidates after which every further one widens the intervals of change, so that what was learned from the answers before cannot pass for an improvement.',
        ),
    })
    .prefault({})
    .describe('How many candidates the same rows may judge.'),
  max_seen: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe(
      'Share of the rows that may equal a training row in every common column before the report warns; above it, and above what chance explains, nothing is judged.',
    ),
});

export const analysisSchema = z.strictObject({
  min_rows: z.int().positive().default(200).describe('Rows the candidate must have scored before a step is decided.'),
  max_hold: durationSchema.default('30m').describe('Longest a step may wait for rows.'),
  max_error_rate: z.number().min(0).max(1).default(0.01).describe('Largest share of failed rows.'),
  max_latency_ratio: z.number().positive().default(2).describe('Largest ratio of the p95 latency to that of stable.'),
  max_score_psi: z
    .number()
    .positive()
    .default(0.25)
    .describe('Largest population stability index between the scores of candidate and stable.'),
});
export type AnalysisPolicy = z.infer<typeof analysisSchema>;

const rolloutSchema = z.strictObject({
  steps: z
    .array(z.union([z.literal('staging'), z.literal('shadow'), z.int().min(1).max(100)]))
    .min(1)
    .describe('`staging`, `shadow`, or the percentage of traffic the candidate gets; rising, ending at 100.'),
  hold: durationSchema.default('10m').describe('Least time at each step.'),
  analysis: z
    .union([z.literal('default'), analysisSchema])
    .default('default')
    .describe('What must hold at each step; `default` takes every default below.'),
});

const monitorSchema = z.strictObject({
  window: durationSchema
    .default('1d')
    .describe('Length of the window that is compared, ending at the newest logged event.'),
  time: z
    .string()
    .optional()
    .describe("Logged column that tells when the event happened; the log's own clock when left out."),
  drift: z
    .union([
      z.literal('default'),
      z.strictObject({
        min_rows: z.int().positive().default(1000).describe('Rows a window must have to be judged.'),
        columns: z
          .record(z.string(), z.number().positive())
          .default({})
          .describe('Threshold by column, in place of the one calibrated on the holdout.'),
      }),
    ])
    .default('default')
    .describe('When a column counts as drifted; `default` takes every default below.'),
  labels: z
    .strictObject({
      data: repositoryPathSchema.describe('Path of the table with the truth, as a pointer in git.'),
      join: z.string().describe('Column that names a row in the log and in the table.'),
      delay: durationSchema.default('0d').describe('How long after an event its label arrives.'),
    })
    .optional()
    .describe('Ground truth, for label and concept drift and realised quality.'),
});

const retrainSchema = z.strictObject({
  on: z
    .array(z.enum(['drift', 'command']))
    .default(['command'])
    .describe('What may open a retraining pull request: an episode of `drift`, or the `command` `/retrain`.'),
  cooldown: durationSchema.default('7d').describe('Least time between two retraining pull requests of a model.'),
  snapshot: z
    .strictObject({
      parameter: z.string().describe('Dotted name of the parameter.'),
      data: z.string().describe('Pattern of data paths, e.g. `data/flights-*.parquet`.'),
    })
    .optional()
    .describe('Parameter that names the training snapshot; set to the newest pointer that matches `data`.'),
  window: z
    .strictObject({
      months: z.int().positive().describe('Whole months.'),
      from: z.string().describe('Dotted name of the parameter with the first day.'),
      to: z.string().describe('Dotted name of the parameter with the last day.'),
    })
    .optional()
    .describe('Parameters that bound the training window; set to the last `months` whole months of the snapshot.'),
});

const sweepSchema = z.strictObject({
  space: z
    .record(
      z.string().min(1),
      z.union([
        z.array(z.union([z.string(), z.number(), z.boolean()])).min(1),
        z.string().regex(/\.\./, 'expected values in brackets, or a range such as 4..8'),
      ]),
    )
    .describe('Parameter to its values (`[0.01, 0.1]`) or range (`4..8`, `4..16..4`, `log:0.001..0.1`).'),
  trials: z
    .int()
    .min(1)
    .max(256)
    .optional()
    .describe('How many points of the space are drawn at random; every point of the grid when left out.'),
  seed: z.int().nonnegative().default(1).describe('The same seed draws the same points.'),
  halving: z
    .strictObject({
      parameter: z.string().describe('What a trial gets more of in every rung, e.g. `train.trees`.'),
      from: z.number().positive().describe('What every trial begins with.'),
      to: z.number().positive().describe('What the last ones have.'),
      keep: z.int().min(2).max(10).default(3).describe('One of so many goes on, with so many times as much.'),
    })
    .optional()
    .describe('Successive halving: many trials with little, the best of them with more.'),
  validation: z
    .strictObject({
      data: repositoryPathSchema.describe('Path of a table with the columns of the holdout; a pointer in git.'),
      window: holdoutRuleSchema.shape.window,
    })
    .optional()
    .describe(
      'Rows that rank the trials: not those of the holdout, which many trials would wear out. Counts as it stands on the default branch.',
    ),
  reported: z
    .string()
    .optional()
    .describe('Metric of the training program that ranks the trials where there is no `validation`.'),
});

export const modelSchema = z
  .strictObject({
    task: taskSchema.describe('Kind of prediction.'),
    pipeline: repositoryPathSchema.default('dvc.yaml').describe('Pipeline file in `dvc.yaml` syntax.'),
    output: repositoryPathSchema.describe("ONNX file that the pipeline's last stage writes."),
    timeout: durationSchema.default('1h').describe('Longest a training run may take.'),
    holdout: holdoutRuleSchema.describe('The rows that judge.'),
    classes: z
      .array(z.union([z.string(), z.number(), z.boolean()]))
      .min(2)
      .optional()
      .describe(
        'Values of the target in the order of the scores (multiclass; the sorted values of the holdout when left out), or the negative and the positive one (binary; 0 and 1 when left out).',
      ),
    threshold: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.5)
      .describe('Score at which a row, or a label of it, counts as positive (binary, multilabel).'),
    slices: z.array(z.string()).default([]).describe('Columns by which results are shown.'),
    protected: z.array(z.string()).default([]).describe('Columns by which fairness is shown.'),
    metrics: z
      .strictObject({
        primary: metricNameSchema.describe('The metric of the verdict sentence.'),
        also: z.array(metricNameSchema).default([]).describe('Further metrics of the report.'),
      })
      .describe('What is measured on the holdout.'),
    gates: z.array(gateSchema).default([]).describe('Rules that turn numbers into a verdict.'),
    strict: z
      .boolean()
      .default(false)
      .describe('A gate that these rows cannot decide fails; otherwise it leaves the decision to the reviewer.'),
    serve: z
      .strictObject({
        log: z.array(z.string()).default([]).describe("Request columns that are logged beside the model's inputs."),
        features: serviceNameSchema
          .optional()
          .describe(
            'Feature service, e.g. `flight_features@v1`: inputs that a request leaves out are looked up in the online store by its entity keys.',
          ),
      })
      .default({ log: [] })
      .describe('How the model is served.'),
    rollout: rolloutSchema
      .default({ steps: ['staging', 'shadow', 2, 25, 75, 100], hold: '10m', analysis: 'default' })
      .describe('How a release reaches production.'),
    monitor: monitorSchema.optional().describe('How production is watched; not at all when left out.'),
    sweep: sweepSchema.optional().describe('What `/sweep` and `pulltrain sweep` vary when nothing else is asked for.'),
    retrain: retrainSchema.optional().describe('How a retraining pull request is made; never when left out.'),
  })
  .readonly();
export type ModelConfig = z.infer<typeof modelSchema>;

export const configSchema = z
  .strictObject({
    version: z.literal(1).describe('Version of this format.'),
    models: z.record(modelNameSchema, modelSchema).describe('Models by name.'),
    data: z
      .strictObject({
        remote: z.string().optional().describe('Content store of training data, e.g. `file:///srv/data`.'),
        validate: z
          .array(
            z.strictObject({
              data: repositoryPathSchema.describe(
                'Path of a table; `*` stands for any characters of one segment, `**` for any folders.',
              ),
              schema: repositoryPathSchema.describe('Path of the data schema that it is held against.'),
            }),
          )
          .default([])
          .describe('Tables that must hold what a schema says before anything is trained on them.'),
      })
      .prefault({})
      .describe('Where bytes lie that git only points at.'),
  })
  .readonly()
  .describe('Configuration of Pulltrain. Policy counts only as it stands on the default branch.');
export type Config = z.infer<typeof configSchema>;
