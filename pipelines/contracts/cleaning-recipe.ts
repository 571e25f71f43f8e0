import { z } from 'zod';
import { columnTypeSchema } from './data-schema.ts';
import { tableReadingSchema } from './table-reading.ts';

const columns = z.array(z.string().min(1)).min(1).describe('Columns it works on.');
const on = z.enum(['train', 'all']).describe('`train` leaves the rows of every table but the fitted one alone.');

/** One step of a recipe; `do` names it. */
export const cleaningStepSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('trim'), columns }).describe('Drops blanks around texts; an empty text is missing.'),
  z
    .strictObject({ do: z.literal('normalise'), columns, case: z.enum(['lower', 'upper', 'keep']).default('lower') })
    .describe('One spelling of a text: Unicode NFC, single blanks, one case.'),
  z
    .strictObject({ do: z.literal('missing'), columns, values: z.array(z.union([z.string(), z.number()])).min(1) })
    .describe('Values that mean a missing one.'),
  z
    .strictObject({
      do: z.literal('cast'),
      columns,
      to: columnTypeSchema,
      invalid: z.enum(['refuse', 'missing']).default('refuse').describe('What a value of another type becomes.'),
    })
    .describe('Another type.'),
  z
    .strictObject({ do: z.literal('drop_rows'), missing: columns, on: on.default('all') })
    .describe('Rows without a value in one of these columns go.'),
  z
    .strictObject({ do: z.literal('deduplicate'), by: columns.optional(), on: on.default('train') })
    .describe('Of rows equal in these columns, or in all, the first stays.'),
  z
    .strictObject({
      do: z.literal('impute'),
      columns,
      with: z.union([
        z.enum(['mean', 'median', 'mode']),
        z.strictObject({ constant: z.union([z.string(), z.number(), z.boolean()]) }),
      ]),
      indicator: z
        .boolean()
        .default(false)
        .describe('Adds `<column>_missing`, 1 where a value was missing and else 0.'),
    })
    .describe('A value for missing ones, learnt from the fitted table.'),
  z
    .strictObject({
      do: z.literal('clip'),
      columns,
      low: z.number().min(0).max(1).default(0.01),
      high: z.number().min(0).max(1).default(0.99),
    })
    .describe('Values beyond these quantiles of the fitted table become the quantile.'),
  z
    .strictObject({
      do: z.literal('group_rare'),
      columns,
      min_share: z.number().gt(0).max(1).default(0.01).describe('Of the rows that have a value.'),
      as: z.string().default('other'),
    })
    .describe('Values rarer than that in the fitted table, or unknown to it, become one.'),
  z.strictObject({ do: z.literal('drop_columns'), columns }).describe('Columns that go.'),
]);
export type CleaningStep = z.infer<typeof cleaningStepSchema>;

export const cleaningRecipeSchema = z
  .strictObject({
    version: z.literal(1).describe('Version of this format.'),
    read: tableReadingSchema.prefault({}),
    steps: z.array(cleaningStepSchema).min(1).max(200),
  })
  .readonly()
  .describe('How a table is cleaned, step after step.');
export type CleaningRecipe = z.infer<typeof cleaningRecipeSchema>;
