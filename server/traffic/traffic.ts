import { z } from 'zod';
import { versionSchema } from '../../pipelines/contracts/common.ts';
import { serviceNameSchema } from '../../pipelines/contracts/feature-pin.ts';

/** Body of `PUT .../traffic`: who answers, who listens, and on behalf of which rollout. */
export const trafficSchema = z
  .strictObject({
    stable: versionSchema,
    candidate: versionSchema.nullable().default(null),
    /** Percentage of requests that the candidate answers. */
    weight: z.number().min(0).max(100).default(0),
    /** The candidate scores a copy of what stable answers. */
    shadow: z.boolean().default(false),
    rollout: z.string().max(200).nullable().default(null),
    step: z.string().max(200).nullable().default(null),
    /** Columns that are logged beside the inputs of the models. */
    log: z.array(z.string().min(1).max(256)).max(1000).default([]),
    /** Feature service that fills inputs which requests leave out; null for none. */
    features: serviceNameSchema.nullable().default(null),
    /** Edges of the bins in which scores are counted; null for twenty bins of [0, 1]. */
    scoreEdges: z.array(z.number()).min(1).max(200).nullable().default(null),
  })
  .refine(({ candidate, weight, shadow }) => candidate !== null || (weight === 0 && !shadow), {
    message: 'weight and shadow need a candidate',
    path: ['candidate'],
  })
  .refine(({ candidate, stable }) => candidate !== stable, {
    message: 'candidate and stable are the same version',
    path: ['candidate'],
  })
  .refine(
    ({ scoreEdges }) => scoreEdges?.every((edge, at) => at === 0 || edge > (scoreEdges[at - 1] ?? edge)) ?? true,
    {
      message: 'edges must rise',
      path: ['scoreEdges'],
    },
  );
export type Traffic = z.infer<typeof trafficSchema>;

/** What is kept on disk: traffic and the moment of its last change. */
export const trafficStateSchema = z.strictObject({ since: z.iso.datetime(), traffic: trafficSchema });
export type TrafficState = z.infer<typeof trafficStateSchema>;
