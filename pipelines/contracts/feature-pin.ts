import { z } from 'zod';
import { integritySchema } from './common.ts';

/** A feature service with its version: `flight_features@v1`. */
export const serviceNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}@v[1-9]\d{0,5}$/i, 'expected a name and a version, e.g. flight_features@v1')
  .meta({ title: 'feature service' });

/** One feature service that a model was trained on, as the trusted side finds it in the git tree. */
export const featurePinSchema = z
  .strictObject({
    service: z.string().describe('With its version, or the list of features that a stage joins.'),
    definition: integritySchema.describe('Of the service: what it hands out and how it is found.'),
    views: z.array(
      z.strictObject({
        view: z.string(),
        definition: integritySchema,
        version: integritySchema
          .nullable()
          .describe('Definition and data; null when a stage makes what the view reads, so that git cannot tell.'),
      }),
    ),
  })
  .describe('Features by version.');
export type FeaturePin = z.infer<typeof featurePinSchema>;
