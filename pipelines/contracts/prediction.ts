import { z } from 'zod';
import { featureStatusSchema } from './feature-served.ts';

/** One line of the prediction log: one row that was scored (JSON lines, hourly segments). */
export const predictionSchema = z.strictObject({
  v: z.literal(1),
  id: z.string(),
  request: z.string(),
  row: z.int().nonnegative(),
  at: z.iso.datetime().describe('When the server answered, UTC.'),
  model: z.string(),
  version: z.string(),
  sha256: z.string(),
  variant: z.enum(['stable', 'candidate', 'shadow']),
  rollout: z.string().nullable(),
  features: z
    .record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()]))
    .describe('Every input column of the request, used by this version or not.'),
  online: z
    .strictObject({
      service: z.string(),
      definition: z.string(),
      features: z.record(
        z.string(),
        z.strictObject({ status: featureStatusSchema, event: z.iso.datetime().nullable() }),
      ),
    })
    .optional()
    .describe('Which of the features were looked up in the online store, and how old they were.'),
  score: z.number().nullable(),
  status: z.enum(['ok', 'error']),
  latencyMs: z.number().nonnegative().describe('Milliseconds.'),
});
export type Prediction = z.infer<typeof predictionSchema>;
