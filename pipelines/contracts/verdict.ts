import { z } from 'zod';
import { modelNameSchema, statusSchema } from './common.ts';

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
});
export type GateResult = z.infer<typeof gateResultSchema>;

export const verdictSchema = z
  .strictObject({
    kind: z.literal('verdict'),
    version: z.literal(1),
    model: modelNameSchema,
    status: statusSchema,
    gates: z.array(gateResultSchema),
  })
  .describe('What every gate said, and the worst of it.');
export type Verdict = z.infer<typeof verdictSchema>;
