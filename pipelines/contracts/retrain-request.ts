import { z } from 'zod';
import { modelNameSchema } from './common.ts';
import { parameterSchema } from './run-record.ts';

/** What a retraining pull request will change and why; pure plan, applied by the bot. */
export const retrainRequestSchema = z.strictObject({
  kind: z.literal('retrain-request'),
  version: z.literal(1),
  model: modelNameSchema,
  reason: z.string(),
  issue: z.int().positive().nullable(),
  requestedBy: z.string(),
  branch: z.string(),
  title: z.string(),
  /** Dotted parameter name to its new value. */
  parameters: z.record(z.string(), parameterSchema),
});
export type RetrainRequest = z.infer<typeof retrainRequestSchema>;
