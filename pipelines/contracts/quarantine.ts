import { z } from 'zod';
import { modelNameSchema, timestampSchema, versionSchema } from './common.ts';

export const quarantineSchema = z
  .strictObject({
    kind: z.literal('quarantine'),
    version: z.literal(1),
    model: modelNameSchema,
    release: versionSchema,
    reason: z.string(),
    at: timestampSchema,
  })
  .describe(
    'Ledger entry `quarantine/<model>/<version>.json`: a release that failed in an environment and is never a way back.',
  );
export type Quarantine = z.infer<typeof quarantineSchema>;
