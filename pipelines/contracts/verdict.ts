import { z } from 'zod';
import { modelNameSchema, statusSchema } from './common.ts';

export const gateKindSchema = z.enum([
  'absolute',
  'relative',
  'noninferior',
  'superior',
  'fairness',
  'calibration',
  'cost',
  'robustness',
  'data',
  'drift',
  'reproducibility',
  'provenance',
]);
export type GateKind = z.infer<typeof gateKindSchema>;

/** One of the things that a gate judges one by one: a slice, a column, an input. */
export const gatePartSchema = z.strictObject({
  name: z.string(),
  status: statusSchema,
  observed: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.int().nonnegative().nullable(),
});
export type GatePart = z.infer<typeof gatePartSchema>;

/** One rule applied to one number. */
export const gateResultSchema = z.strictObject({
  gate: z.string().describe('The rule as a reader writes it, e.g. `roc_auc >= base - 0.002`.'),
  subject: z.string(),
  status: statusSchema,
  observed: z.number().nullable(),
  limit: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.int().nonnegative().nullable(),
  message: z.string(),
  informational: z.boolean().describe('Shown, never blocking.'),
  kind: gateKindSchema.optional(),
  p: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .optional()
    .describe('One-sided p of what the numbers point to: small when chance does not explain it.'),
  adjustedP: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .optional()
    .describe('The same after Holm over all blocking gates with a p.'),
  bound: z
    .strictObject({ value: z.number(), level: z.number().gt(0).lt(1) })
    .nullable()
    .optional()
    .describe('End of the one-sided interval that decided, at the confidence that Holm asks of this gate.'),
  detectable: z
    .number()
    .nonnegative()
    .nullable()
    .optional()
    .describe('Smallest change that these rows show with 80 % power.'),
  strict: z.literal(true).optional().describe('Undecided by the numbers, and failed because `strict` is set.'),
  reported: z.literal(true).optional().describe('Rests on what the training job says of itself.'),
  parts: z
    .array(gatePartSchema)
    .max(100)
    .optional()
    .describe('What was judged one by one, such as slices: the worst first.'),
  tooSmall: z.array(z.string()).max(100).optional().describe('Slices with too few rows to be judged.'),
});
export type GateResult = z.infer<typeof gateResultSchema>;

export const verdictSchema = z
  .strictObject({
    kind: z.literal('verdict'),
    version: z.literal(1),
    model: modelNameSchema,
    status: statusSchema,
    gates: z.array(gateResultSchema),
    holm: z
      .strictObject({ alpha: z.number().gt(0).lt(1), gates: z.int().nonnegative() })
      .optional()
      .describe('Blocking gates that share one chance `alpha` of a wrong decision.'),
  })
  .describe('What every gate said, and the worst of it.');
export type Verdict = z.infer<typeof verdictSchema>;
