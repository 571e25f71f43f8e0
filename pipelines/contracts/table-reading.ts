import { z } from 'zod';

/** How a person says that a table file is to be read; whatever is left out is found out from the file. */
export const tableReadingSchema = z
  .strictObject({
    format: z.enum(['parquet', 'csv', 'json']).optional().describe('In place of what the ending of the file says.'),
    encoding: z.enum(['utf-8', 'latin-1', 'utf-16']).optional().describe('Of a CSV file; `utf-8` when left out.'),
    delimiter: z
      .string()
      .length(1, 'expected one character')
      .optional()
      .describe('Of a CSV file: what stands between two values.'),
    header: z.boolean().optional().describe('Of a CSV file: whether its first line names the columns.'),
    skip: z.int().min(0).optional().describe('Of a CSV file: lines before the header.'),
    names: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('Of a CSV file: names of its columns in order, in place of those of the header.'),
    missing: z
      .array(z.string())
      .default([])
      .describe('Of a CSV or JSON file: texts that mean a missing value, besides the empty one, e.g. `?` or `NA`.'),
    trim: z.boolean().default(false).describe('Of a CSV or JSON file: whether blanks around values are dropped.'),
  })
  .describe('How the file is read.');
export type TableReading = z.infer<typeof tableReadingSchema>;
