import { z } from 'zod';
import { modelNameSchema, sha256Schema, timestampSchema, versionSchema } from './common.ts';

const count = z.int().nonnegative();

/**
 * Scores between fixed edges: `counts[i]` covers (edges[i-1], edges[i]], outer bins open, one more count than edges.
 * Rows of one request resemble each other, so the sums over requests r of their counts c and rows n are kept: they give
 * the variance of a share with requests, not rows, as the unit of sampling.
 */
const scoreHistogramSchema = z.strictObject({
  edges: z.array(z.number()),
  counts: z.array(count),
  missing: count.describe('Rows without a finite score.'),
  requests: count.describe('Requests with at least one finite score.'),
  countsSquared: z.array(count).describe('Per bin: sum of c².'),
  countsTimesRows: z.array(count).describe('Per bin: sum of c n.'),
  rowsSquared: count.describe('Sum of n².'),
});
export type ScoreHistogram = z.infer<typeof scoreHistogramSchema>;

/** Requests by milliseconds: `counts[i]` covers (edges[i-1], edges[i]], outer bins open. */
const latencyHistogramSchema = z.strictObject({ edges: z.array(z.number().positive()), counts: z.array(count) });
export type LatencyHistogram = z.infer<typeof latencyHistogramSchema>;

const variantNameSchema = z.enum(['stable', 'candidate', 'shadow']);
export type VariantName = z.infer<typeof variantNameSchema>;

const variantObservationSchema = z.strictObject({
  variant: variantNameSchema,
  release: versionSchema,
  sha256: sha256Schema,
  requests: count,
  rows: count,
  errors: count.describe(
    'Requests the model could not answer; those that were malformed for every version are not counted.',
  ),
  latencyP50Ms: z
    .number()
    .nonnegative()
    .nullable()
    .describe('Milliseconds in queue and model; null without an answered request.'),
  latencyP95Ms: z.number().nonnegative().nullable(),
  latency: latencyHistogramSchema,
  scores: scoreHistogramSchema,
});
export type VariantObservation = z.infer<typeof variantObservationSchema>;

export const observationSchema = z
  .strictObject({
    kind: z.literal('observation'),
    version: z.literal(1),
    model: modelNameSchema,
    rollout: z.string().nullable(),
    step: z.string().nullable(),
    since: timestampSchema,
    until: timestampSchema,
    variants: z
      .array(variantObservationSchema)
      .max(3)
      .describe('One entry per variant that has traffic; at most three.'),
    pairs: z
      .strictObject({
        rows: count,
        meanAbsoluteDifference: z.number().nonnegative().nullable(),
        maxAbsoluteDifference: z.number().nonnegative().nullable(),
        stableScores: scoreHistogramSchema,
      })
      .nullable()
      .describe("Rows scored by stable and shadow both; `stableScores` counts stable's scores of exactly those rows."),
  })
  .describe('What the model server saw since the last change of traffic.');
export type Observation = z.infer<typeof observationSchema>;
