import { z } from 'zod';
import { integritySchema } from './common.ts';

export const splitPartSchema = z.strictObject({
  name: z.string(),
  file: z.string().describe('Name of the file beside this report.'),
  integrity: integritySchema,
  rows: z.int().positive(),
  share: z.number().min(0).max(1).describe('Of all rows that belong to a part.'),
  labels: z
    .array(z.strictObject({ label: z.string().nullable(), rows: z.int().nonnegative() }))
    .max(50)
    .nullable()
    .describe('Rows by label, null where none is declared or there are more than 50.'),
  time: z.strictObject({ from: z.string(), to: z.string() }).nullable(),
  groups: z.int().nonnegative().nullable().describe('Entities, with a rule by group.'),
});

export const splitReportSchema = z
  .strictObject({
    kind: z.literal('split-report'),
    version: z.literal(1),
    data: z.string().describe('Path of the table.'),
    dataIntegrity: integritySchema,
    rule: z.record(z.string(), z.unknown()).describe('The rule as it was given, defaults filled in.'),
    method: z.string().describe('In words, how a row finds its part.'),
    rows: z.int().nonnegative(),
    dropped: z.strictObject({
      missing: z.int().nonnegative().describe('Rows without a group or time.'),
      gap: z.int().nonnegative().describe('Rows too shortly before a cut.'),
    }),
    cuts: z.array(z.string()).nullable().describe('Of a rule by time: where every part but the first begins.'),
    groupsOnBothSides: z.int().nonnegative().nullable().describe('Of a rule by group: counted after the division; 0.'),
    parts: z.array(splitPartSchema).min(2),
  })
  .describe('How a table was divided into parts, and what is in them.');
export type SplitReport = z.infer<typeof splitReportSchema>;
