import { z } from 'zod';

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);

/** What the values of a column are, whatever type the file gave them. */
export const columnKindSchema = z.enum(['integer', 'number', 'boolean', 'text', 'time']);
export type ColumnKind = z.infer<typeof columnKindSchema>;

export const momentsSchema = z
  .strictObject({
    n: count.describe('Finite values.'),
    mean: z.number(),
    m2: z.number().nonnegative().describe('Sum of squared distances from the mean.'),
  })
  .describe('Merge exactly (Chan, Golub and LeVeque 1979).');
export type Moments = z.infer<typeof momentsSchema>;

/** Zero always has an edge on both sides, so that negative values and zeros can be counted. */
export const quantileSketchSchema = z
  .strictObject({
    edges: z.array(z.number()).max(4096).describe('Rising; the first is the least value and the last the greatest.'),
    below: z.array(z.number().nonnegative()).max(4096).describe('Values that are not above the edge.'),
    error: share.describe('No rank that is read from it is further from the true one than this share of the values.'),
  })
  .describe('The distribution function of a numeric column; between edges it is a straight line.');
export type QuantileSketch = z.infer<typeof quantileSketchSchema>;

/** What a hash was made of: columns whose hashes are of different things cannot be counted together. */
export const hashedSchema = z.enum(['number', 'bigint', 'text', 'boolean', 'time']);
export type Hashed = z.infer<typeof hashedSchema>;

export const distinctSketchSchema = z
  .strictObject({
    of: hashedSchema,
    registers: z
      .string()
      .regex(/^[A-Za-z0-9+/]{4096}$/)
      .describe('HyperLogLog: 4096 registers, one base64 letter each.'),
  })
  .describe('Distinct values, with a standard error of 1.7 %.');
export type DistinctSketch = z.infer<typeof distinctSketchSchema>;

export const topValuesSchema = z
  .strictObject({
    values: z.array(z.strictObject({ value: z.string(), count })).max(1024),
    unlistedAtMost: count.describe('No value that is not listed is more frequent than this; 0 when all are listed.'),
  })
  .describe('The most frequent values with their exact counts (lower bounds once folded from incomplete lists).');
export type TopValues = z.infer<typeof topValuesSchema>;

const shared = {
  name: z.string(),
  type: z.string().describe('Of the file, in words of DuckDB.'),
  missing: count.describe('NULL, and NaN.'),
  distinct: distinctSketchSchema.nullable().describe('Null after a fold of columns whose types do not fit together.'),
};

export const numericColumnSchema = z.strictObject({
  ...shared,
  kind: z.enum(['integer', 'number', 'time']).describe('Times are seconds since 1970 UTC.'),
  infinite: count,
  min: z.number().nullable().describe('Of the finite values.'),
  max: z.number().nullable(),
  moments: momentsSchema
    .nullable()
    .describe('Null without a finite value, or where squares leave the range of doubles.'),
  quantiles: quantileSketchSchema.nullable(),
});
export type NumericColumn = z.infer<typeof numericColumnSchema>;

export const textColumnSchema = z.strictObject({
  ...shared,
  kind: z.enum(['text', 'boolean']),
  empty: count.describe('Texts of no characters.'),
  padded: count.describe('Texts that begin or end with a blank.'),
  shortest: count.nullable().describe('Characters.'),
  longest: count.nullable(),
  characters: count.describe('Of all texts together.'),
  top: topValuesSchema,
});
export type TextColumn = z.infer<typeof textColumnSchema>;

export const dataColumnSchema = z.discriminatedUnion('kind', [numericColumnSchema, textColumnSchema]);
export type DataColumn = z.infer<typeof dataColumnSchema>;

export const coMomentsSchema = z
  .strictObject({
    columns: z.array(z.string()).max(64),
    pairs: z
      .array(z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]))
      .describe(
        'Columns 0-1, 0-2 … 1-2 …: n, both means, both sums of squares, sum of products, over rows that have both.',
      ),
    sampled: count.describe('Rows that were looked at; each stands for rows/sampled rows.'),
    rows: count,
  })
  .describe('Merge exactly; from a sample when there are more rows than it holds.');
export type CoMoments = z.infer<typeof coMomentsSchema>;

export const rowSketchSchema = z
  .strictObject({
    halvings: z.int().min(0).max(63).describe('Rows are kept whose hash lies in the first 2^-halvings of its range.'),
    rows: z
      .array(z.tuple([z.string().regex(/^[0-9a-f]{16}$/), z.int().positive()]))
      .max(8192)
      .describe('Hash and number of the rows with it.'),
    repeatsAtLeast: count.describe('Rows that equal an earlier one, as far as is known for sure.'),
    exact: z.boolean().describe('`repeatsAtLeast` is the number itself.'),
  })
  .describe(
    'Equal rows are kept or left out together, in every table, so that sketches of two tables can be compared.',
  );
export type RowSketch = z.infer<typeof rowSketchSchema>;

export const dataProfileSchema = z
  .strictObject({
    kind: z.literal('data-profile'),
    version: z.literal(1),
    source: z.string().describe('File name or URL; of a fold, the first and how many more.'),
    partitions: z.int().positive(),
    hash: z.string().describe('The engine’s hashes of fixed values; profiles of other hashes cannot be folded.'),
    rows: count,
    columns: z.array(dataColumnSchema),
    correlations: coMomentsSchema,
    duplicates: rowSketchSchema.nullable().describe('Null after a fold of tables with different columns.'),
    label: z.string().nullable(),
  })
  .describe('What is in a table, without its rows. Profiles of partitions fold into the profile of the whole.');
export type DataProfile = z.infer<typeof dataProfileSchema>;
