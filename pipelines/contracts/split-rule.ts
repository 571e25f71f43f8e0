import { z } from 'zod';
import { durationTextSchema } from './data-schema.ts';
import { tableReadingSchema } from './table-reading.ts';

const columns = z.union([
  z
    .string()
    .min(1)
    .transform((name) => [name]),
  z.array(z.string().min(1)).min(1),
]);

/** How a table is divided; the same rule on the same rows always gives the same parts. */
export const splitRuleSchema = z
  .strictObject({
    version: z.literal(1).describe('Version of this format.'),
    read: tableReadingSchema.prefault({}),
    by: z
      .enum(['random', 'stratified', 'group', 'time'])
      .describe(
        '`group` keeps the rows of one entity together, `stratified` the shares of every label, `time` the order.',
      ),
    parts: z
      .record(
        z.string().regex(/^[a-z0-9][a-z0-9_-]{0,40}$/, 'expected lower-case letters, digits, "_" or "-"'),
        z.number().gt(0).lt(1),
      )
      .describe('Share of every part by name, in order; they sum to 1. With `cuts` only the names count.'),
    seed: z.int().default(0).describe('Any whole number; another one gives another division.'),
    key: columns
      .optional()
      .describe(
        '`random`, `stratified`: what names a row, e.g. an id; the whole row when left out, so that equal rows stay together.',
      ),
    group: columns.optional().describe('`group`: columns that together name the entity.'),
    label: z.string().optional().describe('`stratified`: the label; of other rules only shown in the report.'),
    time: z.string().optional().describe('`time`: date or timestamp column; of other rules only shown in the report.'),
    cuts: z.array(z.string()).min(1).optional().describe('`time`: first day or instant of every part but the first.'),
    gap: durationTextSchema.optional().describe('`time`: rows so shortly before a cut belong to no part.'),
    missing: z
      .enum(['refuse', 'drop'])
      .default('refuse')
      .describe('What happens to rows without a value of the group or time.'),
  })
  .readonly()
  .describe('How a table is divided into parts.');
export type SplitRule = z.infer<typeof splitRuleSchema>;
