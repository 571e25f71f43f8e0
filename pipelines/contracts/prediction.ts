import { z } from 'zod';

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
  score: z.number().nullable(),
  status: z.enum(['ok', 'error']),
  latencyMs: z.number().nonnegative().describe('Milliseconds.'),
});
export type Prediction = z.infer<typeof predictionSchema>;
