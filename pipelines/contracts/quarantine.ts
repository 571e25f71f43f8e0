import { z } from 'zod';
import { modelNameSchema, sha256Schema, timestampSchema, versionSchema } from './common.ts';

export const quarantineSchema = z
  .strictObject({
    kind: z.literal('quarantine'),
    version: z.literal(1),
    model: modelNameSchema,
    release: versionSchema,
    sha256: sha256Schema.optional().describe('Digest of its model file, which is no base of a comparison either.'),
    reason: z.string(),
    at: timestampSchema,
  })
  .describe(
    'Ledger entry `quarantine/<model>/<version>.json`: a release that failed in an environment and is never a way back.',
  );
export type Quarantine = z.infer<typeof quarantineSchema>;
