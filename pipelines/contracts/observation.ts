import { z } from 'zod';
import { modelNameSchema, sha256Schema, timestampSchema, versionSchema } from './common.ts';

const count = z.int().nonnegative();

/**
 * Scores between fixed edges: `counts[i]` covers (edges[i-1], edges[i]], outer bins open, one more count than edges.
 * Rows of one request resemble each other, so the sums over requests r of their counts c and rows n are kept: they give
 * the variance of a share with requests, not rows, as the unit of sampling.
 */
export const scoreHistogramSchema = z.strictObject({
  edges: z.array(z.number()),
  counts: z.array(count),
  /** Rows without a finite score. */
  missing: count,
  /** Requests with at least one finite score. */
  requests: count,
  /** Per bin: sum of c². */
  countsSquared: z.array(count),
  /** Per bin: sum of c n. */
  countsTimesRows: z.array(count),
  /** Sum of n². */
  rowsSquared: count,
});
export type ScoreHistogram = z.infer<typeof scoreHistogramSchema>;

/** Requests by milliseconds: `counts[i]` covers (edges[i-1], edges[i]], outer bins open. */
export const latencyHistogramSchema = z.strictObject({ edges: z.array(z.number().positive()), counts: z.array(count) });
export type LatencyHistogram = z.infer<typeof latencyHistogramSchema>;

export const variantNameSchema = z.enum(['stable', 'candidate', 'shadow']);
export type VariantName = z.infer<typeof variantNameSchema>;

export const variantObservationSchema = z.strictObject({
  variant: variantNameSchema,
  release: versionSchema,
  sha256: sha256Schema,
  requests: count,
  rows: count,
  /** Requests the model could not answer; those that were malformed for every version are not counted. */
  errors: count,
  /** Milliseconds in queue and model; null without an answered request. */
  latencyP50Ms: z.number().nonnegative().nullable(),
  latencyP95Ms: z.number().nonnegative().nullable(),
  latency: latencyHistogramSchema,
  scores: scoreHistogramSchema,
});
export type VariantObservation = z.infer<typeof variantObservationSchema>;

/** What the model server saw since the last change of traffic. */
export const observationSchema = z.strictObject({
  kind: z.literal('observation'),
  version: z.literal(1),
  model: modelNameSchema,
  rollout: z.string().nullable(),
  step: z.string().nullable(),
  since: timestampSchema,
  until: timestampSchema,
  /** One entry per variant that has traffic; at most three. */
  variants: z.array(variantObservationSchema).max(3),
  /** Rows scored by stable and shadow both; `stableScores` counts stable's scores of exactly those rows. */
  pairs: z
    .strictObject({
      rows: count,
      meanAbsoluteDifference: z.number().nonnegative().nullable(),
      maxAbsoluteDifference: z.number().nonnegative().nullable(),
      stableScores: scoreHistogramSchema,
    })
    .nullable(),
});
export type Observation = z.infer<typeof observationSchema>;
