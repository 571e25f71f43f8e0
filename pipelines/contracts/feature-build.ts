import { z } from 'zod';
import { integritySchema } from './common.ts';

export const featureBuildSchema = z
  .strictObject({
    kind: z.literal('feature-build'),
    version: z.literal(1),
    builds: integritySchema.describe('Version of the view.'),
    facts: z.strictObject({
      rows: z.int().nonnegative(),
      bytes: z.int().nonnegative(),
      integrity: integritySchema,
      unreachable: z
        .int()
        .nonnegative()
        .describe('Rows that no join can find: a key, the event time or a declared created time is missing.'),
      ambiguous: z
        .int()
        .nonnegative()
        .describe('Groups of rows with one key and the same times but different values; the greatest values win.'),
      first: z.iso.datetime().nullable().describe('Earliest event time.'),
      last: z.iso.datetime().nullable().describe('Latest event time.'),
    }),
  })
  .describe('What is known of the table that one version of a feature view names.');
