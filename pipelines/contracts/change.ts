import { z } from 'zod';
import { gitShaSchema, repositorySchema } from './common.ts';

export const changeSchema = z
  .strictObject({
    kind: z.literal('change'),
    version: z.literal(1),
    repository: repositorySchema,
    pull: z.int().positive(),
    title: z.string(),
    author: z.string(),
    headSha: gitShaSchema,
    headRef: z.string(),
    baseSha: gitShaSchema,
    baseRef: z.string(),
  })
  .describe('One state of one pull request: what is being judged.');
export type Change = z.infer<typeof changeSchema>;
