import { z } from 'zod';
import { daySchema, gitShaSchema, integritySchema, modelNameSchema, sha256Schema } from './common.ts';

export const holdoutUseSchema = z
  .strictObject({
    kind: z.literal('holdout-use'),
    version: z.literal(1),
    holdout: integritySchema.describe('Which rows judged: `integrity` of the holdout.'),
    predictions: integritySchema,
    model: modelNameSchema,
    sha256: sha256Schema.describe('Digest of the model file that was judged.'),
    pull: z.int().positive(),
    headSha: gitShaSchema,
    on: daySchema.describe('Day of the judgement, UTC.'),
  })
  .describe(
    'Ledger entry `holdouts/<64 hex of holdout>/<day>/<64 hex of predictions>.json`: these rows have judged these predictions. The path says all that is counted, so that recording it twice or late changes no count.',
  );
export type HoldoutUse = z.infer<typeof holdoutUseSchema>;

export const wearSchema = z
  .strictObject({
    judged: z
      .int()
      .nonnegative()
      .describe('Candidates with other predictions that these rows had judged before this one.'),
    since: daySchema.nullable().describe('Day of the first of them; null when there is none.'),
    warn: z.int().nonnegative().describe('Policy: as many are worth a warning.'),
    limit: z.int().nonnegative().describe('Policy: beyond as many, intervals of change are widened.'),
    factor: z.number().min(1).describe('How many times as wide the intervals of change are for it.'),
  })
  .describe('How often the rows that judge have judged, and what follows from it.');
export type Wear = z.infer<typeof wearSchema>;
