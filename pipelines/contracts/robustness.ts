import { z } from 'zod';

export const perturbationKindSchema = z.enum(['missing', 'out_of_range', 'unseen', 'noise', 'garbage']);
export type PerturbationKind = z.infer<typeof perturbationKindSchema>;

const share = z.number().min(0).max(1);

/** What was done to one input in every sampled row, and what the model said to it. */
export const perturbationSchema = z.strictObject({
  column: z.string(),
  kind: perturbationKindSchema,
  value: z.string().describe('What stood there instead, in words or as it is.'),
  move: z
    .strictObject({ mean: z.number().nonnegative(), p95: z.number().nonnegative(), max: z.number().nonnegative() })
    .nullable()
    .describe('How far answers move, see `unit`; null when the model failed.'),
  changedDecisions: share
    .nullable()
    .describe('Share of rows that are decided otherwise; null for tasks without decisions.'),
  metricAfter: z.number().nullable().describe('The primary metric then; null where it is undefined.'),
  worse: z
    .number()
    .nullable()
    .describe('By how much the primary metric is worse than before; negative when it is better.'),
  failure: z
    .strictObject({
      kind: z.enum(['crash', 'refused', 'not-finite', 'out-of-bounds']),
      message: z.string(),
      rows: z.int().positive().optional().describe('Rows with an answer that is none.'),
    })
    .nullable(),
});
export type Perturbation = z.infer<typeof perturbationSchema>;

export const robustnessSchema = z.strictObject({
  rows: z.int().positive().describe('Rows of the holdout that were drawn.'),
  seed: z.int(),
  unit: z
    .enum(['probability', 'total variation', 'prediction'])
    .describe('Of moves: of a probability, half the sum of moves of all classes, or of what is predicted.'),
  noise: z.number().positive().describe('Standard deviation of the noise, as a share of that of the column.'),
  metric: z
    .strictObject({ name: z.string(), before: z.number().nullable() })
    .describe('The primary metric on the drawn rows as they are.'),
  deterministic: z.boolean().describe('Whether the same rows were answered twice with the same numbers.'),
  perturbations: z.array(perturbationSchema),
  skipped: z
    .array(z.strictObject({ column: z.string(), kind: perturbationKindSchema, why: z.string() }))
    .describe('What cannot be done to an input, such as a missing value to integers.'),
  byKind: z
    .array(
      z.strictObject({
        kind: perturbationKindSchema,
        tried: z.int().positive(),
        failures: z.int().nonnegative(),
        mostChanged: share.nullable().describe('Largest `changedDecisions`.'),
        mostMoved: z.number().nonnegative().nullable().describe('Largest mean move.'),
        mostWorse: z.number().nullable().describe('Largest `worse`.'),
      }),
    )
    .describe('The worst of every kind, over all inputs.'),
});
export type Robustness = z.infer<typeof robustnessSchema>;
