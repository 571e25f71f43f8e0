import { z } from 'zod';
import { intervalSchema, modelNameSchema, sha256Schema } from './common.ts';

const measuredSchema = z.strictObject({ value: z.number(), interval: intervalSchema.nullable() });

/** How much worse the metric gets when one input is shuffled among the rows: larger is more important. */
export const importanceSchema = z.strictObject({
  feature: z.string(),
  value: z.number().describe('Mean over the repeats, in the unit of the metric; 0 for an input that is not used.'),
  deviation: z.number().nonnegative().describe('Standard deviation over the repeats.'),
  interval: intervalSchema.nullable().describe('What other rows and other shuffles might have given.'),
});
export type Importance = z.infer<typeof importanceSchema>;

/** What one input adds to the answers, over the explained rows: the summary of its SHAP values for one output. */
export const attributionSchema = z.strictObject({
  feature: z.string(),
  output: z.string(),
  meanAbsolute: z.number().nonnegative().describe('Mean of |SHAP value| over the explained rows.'),
  interval: intervalSchema.nullable(),
  points: z
    .array(z.strictObject({ place: z.number().min(0).max(1).nullable(), shap: z.number() }))
    .max(2000)
    .describe(
      'A point per explained row; `place` is where its value stands among the rows, 0 lowest and 1 highest, and null for text and missing values. The values themselves are not kept.',
    ),
});
export type Attribution = z.infer<typeof attributionSchema>;

export const attributionsSchema = z.strictObject({
  method: z.enum(['exact', 'kernel']).describe('All coalitions of inputs, or a sample of them (KernelSHAP).'),
  rows: z.int().positive(),
  background: z.int().positive().describe('Rows that stand in for inputs that are left out.'),
  coalitions: z.int().positive(),
  baseline: z.array(z.number()).describe('Mean answer over the background, one per output.'),
  features: z.array(attributionSchema),
});
export type Attributions = z.infer<typeof attributionsSchema>;

/** The mean answer when one input is set to one value in every row (partial dependence), along its values. */
export const dependenceSchema = z.strictObject({
  feature: z.string(),
  output: z.string(),
  rows: z.int().positive(),
  points: z.array(
    z.strictObject({ at: z.union([z.number(), z.string()]), mean: z.number(), interval: intervalSchema.nullable() }),
  ),
  lines: z
    .array(z.array(z.number()))
    .max(200)
    .optional()
    .describe('Individual conditional expectation: the answers of single rows, one number per point.'),
  local: z
    .array(z.strictObject({ at: z.number(), effect: z.number() }))
    .optional()
    .describe('Accumulated local effects, centred at 0: the picture to trust when inputs move together.'),
});
export type Dependence = z.infer<typeof dependenceSchema>;

export const modelExplanationSchema = z.strictObject({
  sha256: sha256Schema,
  score: z.number().nullable().describe('The metric on the sampled rows; null where it is undefined.'),
  importance: z.array(importanceSchema).describe('Most important first.'),
  attributions: attributionsSchema.nullable(),
  dependence: z.array(dependenceSchema),
});
export type ModelExplanation = z.infer<typeof modelExplanationSchema>;

/** Importance in head less that in base, over the same rows and shuffles. `null` for an input that one has not got. */
export const importanceChangeSchema = z.strictObject({
  feature: z.string(),
  base: z.number().nullable(),
  head: z.number().nullable(),
  delta: measuredSchema.nullable(),
});
export type ImportanceChange = z.infer<typeof importanceChangeSchema>;

/** Why one row got its answer: `baseline` + the sum of all `shap` = `prediction`. */
export const rowExplanationSchema = z.strictObject({
  row: z.int().nonnegative(),
  method: z.enum(['exact', 'kernel']),
  coalitions: z.int().positive(),
  outputs: z.array(
    z.strictObject({
      output: z.string(),
      baseline: z.number(),
      prediction: z.number(),
      contributions: z
        .array(
          z.strictObject({
            feature: z.string(),
            value: z.union([z.number(), z.string()]).nullable(),
            shap: z.number(),
          }),
        )
        .describe('Largest first.'),
    }),
  ),
});
export type RowExplanation = z.infer<typeof rowExplanationSchema>;

export const explanationSchema = z
  .strictObject({
    kind: z.literal('explanation'),
    version: z.literal(1),
    model: modelNameSchema,
    metric: z.strictObject({ name: z.string(), direction: z.enum(['higher', 'lower']) }),
    outputs: z.array(z.string()).describe('What is explained: `score`, or a probability per class.'),
    sample: z.strictObject({
      rows: z.int().positive().describe('Rows that importance is measured on.'),
      of: z.int().positive().describe('Rows they were drawn from.'),
      repeats: z.int().positive().describe('Shuffles of every input.'),
      seed: z.int().nonnegative(),
    }),
    head: modelExplanationSchema,
    base: modelExplanationSchema.nullable(),
    change: z.array(importanceChangeSchema).describe('Empty without a base; largest change first.'),
    row: rowExplanationSchema.optional(),
  })
  .describe('What a model (`head`) goes by, how that differs from `base`, and optionally why one row got its answer.');
export type Explanation = z.infer<typeof explanationSchema>;
