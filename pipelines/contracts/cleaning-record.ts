import { z } from 'zod';
import { cleaningStepSchema } from './cleaning-recipe.ts';
import { integritySchema } from './common.ts';
import { tableReadingSchema } from './table-reading.ts';

const columnSchema = z.strictObject({ name: z.string(), type: z.string() });

/** What a step learnt of one column; which fields there are depends on the step. */
export const columnStatisticsSchema = z.strictObject({
  column: z.string(),
  value: z.string().optional().describe('impute: the value for missing ones, as text.'),
  low: z.string().optional().describe('clip: the lower quantile, as text.'),
  high: z.string().optional().describe('clip: the upper quantile, as text.'),
  kept: z.array(z.string()).max(10_000).optional().describe('group_rare: values that stay.'),
  touched: z.int().nonnegative().describe('Values of the fitted table that the step changed.'),
});
export type ColumnStatistics = z.infer<typeof columnStatisticsSchema>;

export const fittedStepSchema = z.strictObject({
  step: cleaningStepSchema,
  statistics: z.array(columnStatisticsSchema),
  rows: z.int().nonnegative().describe('Rows of the fitted table after the step.'),
});
export type FittedStep = z.infer<typeof fittedStepSchema>;

export const cleaningRecordSchema = z
  .strictObject({
    kind: z.literal('cleaning-record'),
    version: z.literal(1),
    recipeIntegrity: integritySchema.describe('Of the recipe after parsing.'),
    read: tableReadingSchema,
    fitted: z.strictObject({ data: z.string(), integrity: integritySchema, rows: z.int().nonnegative() }),
    columnsIn: z.array(columnSchema),
    columnsOut: z.array(columnSchema),
    steps: z.array(fittedStepSchema),
  })
  .describe(
    'A cleaning recipe with all that it learnt from the one table it was fitted on; applied to others as it is.',
  );
export type CleaningRecord = z.infer<typeof cleaningRecordSchema>;
