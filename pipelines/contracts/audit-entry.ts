import { z } from 'zod';
import { timestampSchema } from './common.ts';

/** Ledger entry `audit/<comment id>.json`: what was asked by whom and what was done. */
export const auditEntrySchema = z.strictObject({
  kind: z.literal('audit-entry'),
  version: z.literal(1),
  comment: z.int().positive(),
  issue: z.int().positive(),
  by: z.string(),
  /** Effective permission at that time, in GitHub's words. */
  permission: z.string(),
  command: z.string(),
  outcome: z.enum(['done', 'refused']),
  /** Why it was refused, or what was done; a sentence. */
  message: z.string(),
  /** Pull request that came of it. */
  pull: z.int().positive().nullable(),
  at: timestampSchema,
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
