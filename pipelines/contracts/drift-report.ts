import { z } from 'zod';
import {
  daySchema,
  modelNameSchema,
  repositorySchema,
  statusSchema,
  timestampSchema,
  versionSchema,
} from './common.ts';

/** One thing watched in one window. `status` fail = drifted. */
export const driftFindingSchema = z.strictObject({
  subject: z.string(),
  kind: z.enum(['covariate', 'prediction', 'label', 'concept', 'quality', 'health']),
  measure: z.string(),
  observed: z.number().nullable(),
  threshold: z.number().nullable(),
  reference: z.number().nullable(),
  current: z.number().nullable(),
  n: z.int().nonnegative(),
  status: statusSchema,
  message: z.string(),
});
export type DriftFinding = z.infer<typeof driftFindingSchema>;

export const driftReportSchema = z
  .strictObject({
    kind: z.literal('drift-report'),
    version: z.literal(1),
    repository: repositorySchema,
    model: modelNameSchema,
    environment: z.string(),
    release: versionSchema,
    tag: z.string(),
    window: z.strictObject({ from: daySchema, to: daySchema }).nullable(),
    rows: z.int().nonnegative(),
    labelled: z.int().nonnegative(),
    status: statusSchema,
    findings: z.array(driftFindingSchema),
    checkedAt: timestampSchema,
  })
  .describe("One window of production against the release's own profile.");
export type DriftReport = z.infer<typeof driftReportSchema>;
