import { z } from 'zod';
import { gitShaSchema, integritySchema, modelNameSchema, sha256Schema, timestampSchema } from './common.ts';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
/** Parameter values: what `params.yaml` can hold. */
export const parameterSchema: z.ZodType<Parameter> = z.lazy(() =>
  z.union([scalar, z.array(parameterSchema), z.record(z.string(), parameterSchema)]),
);
export type Parameter = string | number | boolean | null | Parameter[] | { [key: string]: Parameter };

export const modelFileSchema = z.strictObject({
  path: z.string().describe('Relative to the hand-over directory.'),
  sha256: sha256Schema,
  integrity: integritySchema,
  size: z.int().positive(),
});
export type ModelFile = z.infer<typeof modelFileSchema>;

/** A file that went in: from git (its content) or from a pointer (the content it names). */
export const sourceSchema = z.strictObject({
  path: z.string(),
  integrity: integritySchema,
  origin: z.enum(['git', 'pointer']),
});
export type Source = z.infer<typeof sourceSchema>;

export const stageRecordSchema = z.strictObject({
  name: z.string(),
  command: z.string(),
  key: integritySchema,
  status: z.enum(['ran', 'restored', 'failed', 'not-run']),
  exitCode: z.int().nullable(),
  seconds: z.number().nonnegative(),
  peakMemoryBytes: z
    .int()
    .nonnegative()
    .optional()
    .describe(
      'Largest sum of resident memory seen over the processes of the stage; absent where the system does not tell.',
    ),
});
export type StageRecord = z.infer<typeof stageRecordSchema>;

export const runFailureSchema = z.strictObject({
  code: z.enum(['stage-failed', 'stage-timeout', 'missing-output', 'bad-output', 'bad-input']),
  stage: z.string().nullable(),
  message: z.string().max(4000),
});
export type RunFailure = z.infer<typeof runFailureSchema>;

export const runRecordSchema = z
  .strictObject({
    kind: z.literal('run-record'),
    version: z.literal(1),
    model: modelNameSchema,
    key: integritySchema
      .nullable()
      .describe('Null when the pipeline is too broken to be identified; such a run has failed.'),
    status: z.enum(['succeeded', 'failed']),
    failure: runFailureSchema.nullable(),
    code: z.strictObject({ sha: gitShaSchema, clean: z.boolean() }),
    stages: z.array(stageRecordSchema),
    parameters: z
      .record(z.string(), parameterSchema)
      .describe('Dotted name to value, the parameters the stages declare.'),
    sources: z.array(sourceSchema),
    modelFile: modelFileSchema.nullable(),
    reportedMetrics: z
      .record(z.string(), z.number())
      .describe('What the training program said about itself; gates nothing.'),
    environment: z.strictObject({ os: z.string(), arch: z.string(), node: z.string(), gpu: z.string().nullable() }),
    startedAt: timestampSchema,
    finishedAt: timestampSchema,
  })
  .describe(
    'One execution of a pipeline, as the training job tells it: every field is a claim until the trusted side has recomputed `key` from the git tree and hashed the model file itself.',
  );
export type RunRecord = z.infer<typeof runRecordSchema>;
