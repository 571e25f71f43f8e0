import { z } from 'zod';
import { modelNameSchema, sha256Schema, versionSchema } from './common.ts';

const rolloutPositionSchema = z.strictObject({
  name: z.string().describe('What a reader sees: `staging`, `shadow`, `canary 25 %`, `full 100 %`.'),
  weight: z.number().min(0).max(100).describe('Percentage of requests the candidate answers.'),
  shadow: z.boolean().describe('The candidate also scores a copy of what stable answers.'),
  compared: z.boolean().describe('Whether candidate and stable both see traffic, so that they can be compared.'),
});
export type RolloutPosition = z.infer<typeof rolloutPositionSchema>;

const servedReleaseSchema = z.strictObject({ release: versionSchema, tag: z.string(), sha256: sha256Schema });
export type ServedRelease = z.infer<typeof servedReleaseSchema>;

export const rolloutPlanSchema = z
  .strictObject({
    kind: z.literal('rollout-plan'),
    version: z.literal(1),
    id: z
      .string()
      .describe('Made from everything below: planning again gives the same rollout, and the same requests move first.'),
    model: modelNameSchema,
    environment: z.string(),
    candidate: servedReleaseSchema,
    stable: servedReleaseSchema.nullable(),
    steps: z.array(rolloutPositionSchema).min(1),
    analysis: z.strictObject({
      holdSeconds: z.int().nonnegative().describe('Seconds.'),
      maxHoldSeconds: z.int().positive(),
      minRows: z.int().positive(),
      maxErrorRate: z.number().min(0).max(1),
      maxLatencyRatio: z.number().positive(),
      maxScorePsi: z.number().positive(),
    }),
  })
  .describe('The staged move of one release into one environment. Without a stable release the only step is 100 %.');
export type RolloutPlan = z.infer<typeof rolloutPlanSchema>;
