import { z } from 'zod';

/** A validation report, short enough for a run record. */
export const validationSummarySchema = z.strictObject({
  data: z.string().max(1024),
  schema: z.string().max(1024),
  status: z.enum(['pass', 'fail']),
  rows: z.int().nonnegative(),
  errors: z.int().nonnegative(),
  warnings: z.int().nonnegative(),
  findings: z
    .array(z.strictObject({ severity: z.enum(['error', 'warning']), sentence: z.string().max(1000) }))
    .max(20)
    .describe('The first broken rules, errors before warnings.'),
});
export type ValidationSummary = z.infer<typeof validationSummarySchema>;
