import { z } from 'zod';
import { integritySchema } from './common.ts';

const typeSchema = z.enum(['string', 'int', 'float', 'double', 'bool', 'date', 'timestamp']);
const columnSchema = z.strictObject({ name: z.string(), type: typeSchema });
const ttlSchema = z.int().nonnegative().nullable().describe('Seconds; null when a value never gets too old.');

export const servedViewSchema = z
  .strictObject({
    kind: z.literal('served-view'),
    version: z.literal(1),
    name: z.string(),
    definition: integritySchema,
    keys: z.array(columnSchema),
    time: z.string(),
    created: z.string().nullable(),
    ttl: ttlSchema,
    features: z.array(columnSchema),
  })
  .describe('A feature view as the online store knows it.');
export type ServedView = z.infer<typeof servedViewSchema>;

export const servedServiceSchema = z
  .strictObject({
    kind: z.literal('served-service'),
    version: z.literal(1),
    name: z.string().describe('With its version, e.g. `flight_features@v1`.'),
    definition: integritySchema,
    items: z.array(
      z.strictObject({
        view: z.string(),
        definition: integritySchema.describe('Of the view: where in the online store its values lie.'),
        ttl: ttlSchema,
        keys: z.array(columnSchema.extend({ column: z.string().describe('Column of a request.') })),
        features: z.array(columnSchema.extend({ as: z.string().describe('Column of the answer.') })),
      }),
    ),
  })
  .describe('A feature service as the online store knows it.');
export type ServedService = z.infer<typeof servedServiceSchema>;

export const filledSchema = z
  .strictObject({
    kind: z.literal('filled'),
    version: z.literal(1),
    builds: integritySchema.describe('Version of the view that was written last.'),
    until: z.iso.datetime().describe('Everything known by then is there.'),
  })
  .describe('How far the online store is filled with one definition of a view.');
export type Filled = z.infer<typeof filledSchema>;

export const featureStatusSchema = z.enum(['PRESENT', 'NULL_VALUE', 'NOT_FOUND', 'OUTSIDE_MAX_AGE']);
export type FeatureStatus = z.infer<typeof featureStatusSchema>;

export const onlineFeaturesSchema = z
  .strictObject({
    metadata: z.strictObject({ feature_names: z.array(z.string()) }),
    results: z
      .array(
        z.strictObject({
          values: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])),
          statuses: z.array(featureStatusSchema),
          event_timestamps: z.array(z.iso.datetime()),
        }),
      )
      .describe('One entry per name, each with one value per entity row.'),
  })
  .describe('Answer of `POST /get-online-features`.');
export type OnlineFeatures = z.infer<typeof onlineFeaturesSchema>;
