import { z } from 'zod';
import { integritySchema, timestampSchema } from './common.ts';

export const checkpointSchema = z
  .strictObject({
    kind: z.literal('checkpoint'),
    version: z.literal(1),
    key: integritySchema.describe('Content key of the stage.'),
    attempt: z.int().positive().describe('Which attempt wrote it.'),
    integrity: integritySchema.describe('Root tree of the checkpoint folder.'),
    size: z.int().nonnegative().describe('Bytes.'),
    files: z.int().positive(),
    takenAt: timestampSchema,
  })
  .describe(
    'A whole copy of the checkpoint folder of a stage that has not ended: `checkpoints/<key as hex>/<number>.json`, the largest number counts.',
  );
export type Checkpoint = z.infer<typeof checkpointSchema>;
