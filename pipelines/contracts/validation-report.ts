import { z } from 'zod';
import { integritySchema, timestampSchema } from './common.ts';
import { severitySchema } from './data-schema.ts';

export const exampleRowSchema = z.strictObject({
  row: z.int().positive().describe('Number of the row in the file, from 1, header not counted.'),
  values: z
    .array(z.strictObject({ column: z.string(), value: z.string().nullable() }))
    .describe('Cut to 80 characters; `(hidden)` for sensitive columns, null for a missing value.'),
});

export const checkResultSchema = z.strictObject({
  rule: z.string().describe('Which rule, e.g. `max` or `unique`; a rule over several columns has its own name.'),
  columns: z.array(z.string()).describe('Columns it looks at; empty for the table as a whole.'),
  severity: severitySchema,
  status: z.enum(['pass', 'fail']),
  expected: z.string(),
  observed: z.string(),
  violations: z.int().nonnegative().describe('Rows that break the rule; for rules over the table as a whole 0 or 1.'),
  of: z.int().nonnegative().describe('Rows that the rule looked at.'),
  examples: z.array(exampleRowSchema).max(5),
});
export type CheckResult = z.infer<typeof checkResultSchema>;

export const validationReportSchema = z
  .strictObject({
    kind: z.literal('validation-report'),
    version: z.literal(1),
    data: z.string().describe('Path of the table.'),
    schema: z.string().describe('Path of the data schema.'),
    schemaIntegrity: integritySchema.describe('Of the schema after parsing.'),
    rows: z.int().nonnegative(),
    columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
    status: z.enum(['pass', 'fail']).describe('`fail` when a rule of severity `error` is broken.'),
    errors: z.int().nonnegative().describe('Broken rules of severity `error`.'),
    warnings: z.int().nonnegative().describe('Broken rules of severity `warning`.'),
    now: timestampSchema.nullable().describe('The clock that freshness was held against, if it was.'),
    results: z.array(checkResultSchema),
  })
  .describe('What a table was found to be, held against a data schema.');
export type ValidationReport = z.infer<typeof validationReportSchema>;
