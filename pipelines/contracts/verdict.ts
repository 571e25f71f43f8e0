import { z } from 'zod';
import { modelNameSchema, statusSchema } from './common.ts';

/** One rule applied to one number. */
export const gateResultSchema = z.strictObject({
  /** The rule as a reader writes it, e.g. `roc_auc >= base - 0.002`. */
  gate: z.string(),
  subject: z.string(),
  status: statusSchema,
  observed: z.number().nullable(),
  limit: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.int().nonnegative().nullable(),
  message: z.string(),
  /** Shown, never blocking. */
  informational: z.boolean(),
});
export type GateResult = z.infer<typeof gateResultSchema>;

export const verdictSchema = z.strictObject({
  kind: z.literal('verdict'),
  version: z.literal(1),
  model: modelNameSchema,
  status: statusSchema,
  gates: z.array(gateResultSchema),
});
export type Verdict = z.infer<typeof verdictSchema>;
