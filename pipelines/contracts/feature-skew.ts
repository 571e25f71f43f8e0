import { z } from 'zod';
import { integritySchema } from './common.ts';

const cellSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const featureSkewSchema = z
  .strictObject({
    kind: z.literal('feature-skew'),
    version: z.literal(1),
    service: z.string(),
    definition: integritySchema,
    status: z.enum(['pass', 'fail']),
    rows: z.int().nonnegative(),
    tolerance: z
      .number()
      .nonnegative()
      .describe('Largest difference that counts as equal, relative to the larger value and to 1.'),
    minEqual: z.number().min(0).max(1).describe('Least share of equal values that every feature must have.'),
    features: z
      .array(
        z.strictObject({
          feature: z.string(),
          view: z.string(),
          compared: z.int().nonnegative(),
          equal: z.int().nonnegative(),
          missingServed: z.int().nonnegative().describe('Rows that were served nothing where the past has a value.'),
          missingJoined: z.int().nonnegative().describe('Rows that were served a value where the past has none.'),
          different: z.int().nonnegative(),
          largest: z.number().nullable().describe('Largest absolute difference; null when nothing is numeric.'),
        }),
      )
      .describe('Worst first.'),
    examples: z.array(
      z.strictObject({
        feature: z.string(),
        time: z.string(),
        keys: z.record(z.string(), cellSchema),
        served: cellSchema,
        joined: cellSchema,
      }),
    ),
  })
  .describe('What was served compared with what a point-in-time join gives for the same entities and times.');
export type FeatureSkew = z.infer<typeof featureSkewSchema>;
