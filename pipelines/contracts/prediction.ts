import { z } from 'zod';

/** One line of the prediction log: one row that was scored (JSON lines, hourly segments). */
export const predictionSchema = z.strictObject({
  v: z.literal(1),
  id: z.string(),
  request: z.string(),
  row: z.int().nonnegative(),
  /** When the server answered, UTC. */
  at: z.iso.datetime(),
  model: z.string(),
  version: z.string(),
  sha256: z.string(),
  variant: z.enum(['stable', 'candidate', 'shadow']),
  rollout: z.string().nullable(),
  /** Every input column of the request, used by this version or not. */
  features: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
  score: z.number().nullable(),
  status: z.enum(['ok', 'error']),
  /** Milliseconds. */
  latencyMs: z.number().nonnegative(),
});
export type Prediction = z.infer<typeof predictionSchema>;
