import { z } from 'zod';
import { dataDiffSchema } from '../../pipelines/contracts/data-diff.ts';

const sideSchema = z.strictObject({ path: z.string(), file: z.string() });

/** What the process that compares two tables is asked for; `path` is the name of a table, `file` where its bytes lie. */
export const diffRequestSchema = z.strictObject({
  base: sideSchema,
  head: sideSchema,
  label: z.string().nullable(),
  /** Of the engine, in its words. */
  memory: z.string(),
});
export type DiffRequest = z.infer<typeof diffRequestSchema>;

/** What it answers: the difference, or why it cannot be told. */
export const diffAnswerSchema = z.union([
  z.strictObject({ diff: dataDiffSchema }),
  z.strictObject({ fault: z.string().max(4000) }),
]);
export type DiffAnswer = z.infer<typeof diffAnswerSchema>;
