import { z } from 'zod';
import { exampleRowSchema } from './validation-report.ts';

export const leakageFindingSchema = z.strictObject({
  check: z.enum(['exact', 'near', 'text', 'entity', 'time']),
  columns: z.array(z.string()).describe('Columns that were compared.'),
  method: z.string().describe('What counts as a hit, and how the check may err.'),
  rows: z.int().nonnegative().describe('Rows of the holdout that are hit.'),
  of: z.int().nonnegative().describe('Rows of the holdout that were looked at.'),
  limit: z.number().min(0).max(1).nullable().describe('Largest share of rows; null where none is set.'),
  status: z.enum(['pass', 'fail', 'shown']).describe('`shown` where there are hits and no limit.'),
  observed: z.string(),
  examples: z.array(exampleRowSchema).max(5).describe('Rows of the holdout.'),
});
export type LeakageFinding = z.infer<typeof leakageFindingSchema>;

export const leakageReportSchema = z
  .strictObject({
    kind: z.literal('leakage-report'),
    version: z.literal(1),
    train: z.strictObject({ path: z.string(), rows: z.int().nonnegative() }),
    holdout: z.strictObject({ path: z.string(), rows: z.int().nonnegative() }),
    repeats: z
      .int()
      .nonnegative()
      .describe('Rows of the holdout that equal another row of the holdout: what equality is worth in this table.'),
    status: z.enum(['pass', 'fail']),
    findings: z.array(leakageFindingSchema),
  })
  .describe('What of a holdout a model may have seen in its training data.');
export type LeakageReport = z.infer<typeof leakageReportSchema>;
