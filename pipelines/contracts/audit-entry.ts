import { z } from 'zod';
import { timestampSchema } from './common.ts';

export const auditEntrySchema = z
  .strictObject({
    kind: z.literal('audit-entry'),
    version: z.literal(1),
    comment: z.int().positive(),
    issue: z.int().positive(),
    by: z.string(),
    permission: z.string().describe("Effective permission at that time, in GitHub's words."),
    command: z.string(),
    outcome: z.enum(['done', 'refused']),
    message: z.string().describe('What was answered.'),
    pull: z.int().positive().nullable().describe('Pull request that came of it.'),
    at: timestampSchema,
  })
  .describe('Ledger entry `audit/<comment id>.json`: what was asked by whom and what was done.');
export type AuditEntry = z.infer<typeof auditEntrySchema>;
