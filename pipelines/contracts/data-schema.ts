import { z } from 'zod';
import { tableReadingSchema } from './table-reading.ts';

/** A broken `error` stops what needs the data; a broken `warning` is shown. */
export const severitySchema = z.enum(['error', 'warning']);
export type Severity = z.infer<typeof severitySchema>;

const mostly = z
  .number()
  .gt(0)
  .max(1)
  .optional()
  .describe('Share of the values at hand that must keep the rule; all of them when left out.');
const severity = severitySchema.optional().describe('`error` (default) stops what needs the data, `warning` is shown.');

/** A rule written short (`max: 23`) or long (`max: { is: 23, mostly: 0.99, severity: warning }`). */
function ruled<Value extends z.ZodType>(value: Value) {
  return z.union([value, z.strictObject({ is: value, mostly, severity })]);
}

const bound = z.union([z.number(), z.string()]);
const scalar = z.union([z.string(), z.number(), z.boolean()]);

export const columnTypeSchema = z.enum(['integer', 'number', 'text', 'boolean', 'date', 'timestamp']);
export type ColumnType = z.infer<typeof columnTypeSchema>;

export const columnRulesSchema = z
  .strictObject({
    description: z.string().optional(),
    type: ruled(columnTypeSchema)
      .optional()
      .describe('What the values are; `number` is finite, `integer` whole, dates are ISO 8601.'),
    required: z.boolean().default(true).describe('Whether the column must be there.'),
    missing: ruled(z.number().min(0).max(1))
      .optional()
      .describe('Largest share of missing values (NULL or NaN); any share when left out.'),
    min: ruled(bound).optional().describe('Least value: a number, or a day or instant in quotes.'),
    max: ruled(bound).optional().describe('Largest value.'),
    values: ruled(z.array(scalar).min(1)).optional().describe('The only values there may be.'),
    pattern: ruled(z.string()).optional().describe('Regular expression (RE2) that the whole text must match.'),
    min_length: ruled(z.int().min(0)).optional().describe('Least number of characters.'),
    max_length: ruled(z.int().min(0)).optional().describe('Largest number of characters.'),
    unique: ruled(z.boolean()).optional().describe('Whether no value may occur twice.'),
    mostly,
    severity,
    sensitive: z.boolean().default(false).describe('Values of this column are never printed.'),
  })
  .describe('What must hold for one column.');
export type ColumnRules = z.infer<typeof columnRulesSchema>;

export const durationTextSchema = z
  .string()
  .regex(/^\d+(s|m|h|d)$/, 'expected a number and s, m, h or d, e.g. 7d')
  .meta({ title: 'duration' });

export const labelRulesSchema = z
  .strictObject({
    column: z.string().describe('Column with the truth.'),
    task: z.enum(['binary', 'multiclass', 'regression']).describe('Kind of prediction.'),
    classes: z
      .array(scalar)
      .min(2)
      .optional()
      .describe('Possible labels; 0 and 1 for a binary task when left out, any for others.'),
    missing: z.number().min(0).max(1).default(0).describe('Largest share of rows without a label.'),
    conflicts: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe('Largest share of rows that equal another row in every feature and differ in the label.'),
    ignore: z.array(z.string()).default([]).describe('Columns that are no features, such as identifiers.'),
    severity,
  })
  .describe('What must hold for labels.');

export const dataSchemaSchema = z
  .strictObject({
    version: z.literal(1).describe('Version of this format.'),
    description: z.string().optional(),
    read: tableReadingSchema.prefault({}),
    rows: z
      .strictObject({ min: z.int().min(0).optional(), max: z.int().min(0).optional(), severity })
      .optional()
      .describe('Least and largest number of rows.'),
    columns: z.record(z.string().min(1), columnRulesSchema.nullable()).describe('Rules by name of the column.'),
    undeclared: z
      .enum(['allow', 'warn', 'refuse'])
      .default('allow')
      .describe('What happens to columns that are not listed.'),
    unique: z
      .array(
        z.union([
          z.array(z.string()).min(1),
          z.strictObject({ columns: z.array(z.string()).min(1), mostly, severity }),
        ]),
      )
      .default([])
      .describe('Columns whose values together may not occur twice.'),
    rules: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(100).optional(),
          check: z
            .string()
            .min(1)
            .max(2000)
            .describe('SQL expression over columns; a row for which it is false breaks it.'),
          mostly,
          severity,
        }),
      )
      .default([])
      .describe('Rules over several columns, e.g. `arrival >= departure`.'),
    freshness: z
      .strictObject({
        column: z.string().describe('Date or timestamp column.'),
        within: durationTextSchema.describe('Largest age of its newest value.'),
        against: z.string().default('now').describe('`now`, or the column whose newest value is compared with.'),
        severity,
      })
      .optional()
      .describe('How old the newest row may be.'),
    label: labelRulesSchema.optional(),
  })
  .readonly()
  .describe('What must hold for a table.');
export type DataSchema = z.infer<typeof dataSchemaSchema>;
