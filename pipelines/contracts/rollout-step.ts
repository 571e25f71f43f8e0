import { z } from 'zod';
import { modelNameSchema, statusSchema } from './common.ts';

const rolloutCheckSchema = z.strictObject({
  name: z.enum(['data', 'errors', 'missing scores', 'latency', 'score shift']),
  status: statusSchema,
  observed: z.number().nullable(),
  limit: z.number().nullable(),
  message: z.string(),
});
export type RolloutCheck = z.infer<typeof rolloutCheckSchema>;

export const rolloutStepSchema = z
  .strictObject({
    kind: z.literal('rollout-step'),
    version: z.literal(1),
    rollout: z.string(),
    model: modelNameSchema,
    step: z.string(),
    decision: z.enum(['advance', 'hold', 'rollback']),
    status: statusSchema,
    elapsedSeconds: z.number().nonnegative(),
    rows: z.int().nonnegative(),
    checks: z.array(rolloutCheckSchema).min(1),
    message: z.string().describe('One sentence that names the reason.'),
  })
  .describe('What the analysis of one step of a rollout says.');
export type RolloutStep = z.infer<typeof rolloutStepSchema>;
