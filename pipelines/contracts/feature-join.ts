import { z } from 'zod';
import { integritySchema } from './common.ts';

export const featureJoinSchema = z
  .strictObject({
    kind: z.literal('feature-join'),
    version: z.literal(1),
    service: z.string(),
    definition: integritySchema.describe('Of the service: its features and how they are found.'),
    rows: z.int().nonnegative(),
    parts: z.array(
      z.strictObject({
        view: z.string(),
        definition: integritySchema,
        version: integritySchema.describe('Definition and data: names the very rows that were joined.'),
        features: z.array(z.string()).describe('Columns of the result.'),
        found: z.int().nonnegative().describe('Rows that got values.'),
        expired: z.int().nonnegative().describe('Rows whose newest value was older than the ttl; theirs are missing.'),
      }),
    ),
  })
  .describe('What a point-in-time join put behind the rows of a table.');
export type FeatureJoin = z.infer<typeof featureJoinSchema>;
