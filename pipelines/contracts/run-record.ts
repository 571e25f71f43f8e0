import { z } from 'zod';
import {
  dvcIntegritySchema,
  gitShaSchema,
  integritySchema,
  modelNameSchema,
  sha256Schema,
  timestampSchema,
} from './common.ts';
import { validationSummarySchema } from './validation-summary.ts';

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

/** What went in: from git (its content), from a pointer (the content it names), or from a `.dvc` file (its MD5). */
export const sourceSchema = z.strictObject({
  path: z.string(),
  integrity: z.union([integritySchema, dvcIntegritySchema]),
  origin: z.enum(['git', 'pointer', 'dvc']),
  type: z.literal('directory').optional().describe('A file when left out.'),
  source: z.string().max(1000).optional().describe('Where the data comes from, as its pointer says.'),
  licence: z.string().max(1000).optional(),
  madeBy: z
    .strictObject({ run: integritySchema, stage: z.string() })
    .optional()
    .describe('The stage that wrote the data, as its pointer says.'),
});
export type Source = z.infer<typeof sourceSchema>;

/** `unchanged`: what it made the last time lies there and nothing that goes in has changed, or it is frozen. */
const stageStatusSchema = z.enum(['ran', 'restored', 'unchanged', 'failed', 'not-run']);
export type StageStatus = z.infer<typeof stageStatusSchema>;

const namedContentSchema = z.strictObject({
  path: z.string(),
  integrity: integritySchema.describe('Of the file, or of the list of files below a directory.'),
});

/** What a stage said of its training while it ran; see PULLTRAIN_PROGRESS. */
const progressSchema = z.strictObject({
  points: z.array(z.strictObject({ at: z.number(), metrics: z.record(z.string(), z.number().nullable()) })).max(1000),
  stopped: z
    .strictObject({ rule: z.enum(['patience', 'non-finite']), message: z.string().max(1000) })
    .nullable()
    .describe('The rule that ended the stage before it would have ended itself.'),
});
export type TrainingProgress = z.infer<typeof progressSchema>;

export const stageRecordSchema = z.strictObject({
  name: z.string(),
  command: z.string(),
  key: integritySchema.nullable().describe('Null when something that goes in is missing.'),
  status: stageStatusSchema,
  exitCode: z.int().nullable(),
  seconds: z.number().nonnegative(),
  peakMemoryBytes: z
    .int()
    .nonnegative()
    .optional()
    .describe(
      'Largest sum of resident memory seen over the processes of the stage; absent where the system does not tell.',
    ),
  reason: z.string().max(1000).optional().describe('Why it ran, or where it was taken from.'),
  contentKey: integritySchema.optional().describe('Its key in the run cache: as `key`, but inputs by content alone.'),
  startedAt: timestampSchema.optional(),
  finishedAt: timestampSchema.optional(),
  inputs: z.array(namedContentSchema).optional(),
  outputs: z.array(namedContentSchema.extend({ size: z.int().nonnegative(), files: z.int().nonnegative() })).optional(),
  log: z
    .strictObject({ path: z.string(), integrity: integritySchema, size: z.int().nonnegative() })
    .optional()
    .describe('Path relative to the record.'),
  attempt: z.int().positive().optional().describe('Above 1 when it went on from a checkpoint of a killed attempt.'),
  progress: progressSchema.optional(),
});
export type StageRecord = z.infer<typeof stageRecordSchema>;

export const runFailureSchema = z.strictObject({
  code: z.enum([
    'stage-failed',
    'stage-timeout',
    'missing-output',
    'bad-output',
    'bad-input',
    'invalid-data',
    'non-finite',
  ]),
  stage: z.string().nullable(),
  message: z.string().max(4000),
});
export type RunFailure = z.infer<typeof runFailureSchema>;

const environmentSchema = z.strictObject({
  os: z.string(),
  arch: z.string(),
  node: z.string(),
  gpu: z.string().nullable(),
  cpu: z.strictObject({ model: z.string(), count: z.int().positive() }).optional(),
  memoryBytes: z.int().positive().optional(),
  driver: z.string().nullable().optional().describe('Version of the NVIDIA driver.'),
  cuda: z.string().nullable().optional().describe('Newest CUDA that the driver serves.'),
  locks: z.array(namedContentSchema).optional().describe('Lock files of package managers in the checkout.'),
  python: z
    .strictObject({ version: z.string(), packages: z.array(z.string().max(300)).max(5000) })
    .nullable()
    .optional()
    .describe('The Python that stages find, and what is installed for it, as `name==version`.'),
});
export type MachineEnvironment = z.infer<typeof environmentSchema>;

export const runRecordSchema = z
  .strictObject({
    kind: z.literal('run-record'),
    version: z.literal(1),
    id: z.string().max(100).optional().describe('Name of a run of this machine: `pulltrain runs show <id>`.'),
    invocation: z.string().max(4000).optional().describe('The command line that asked for it.'),
    model: modelNameSchema.nullable().describe('Null for a run of stages that make no model of `pulltrain.yml`.'),
    key: integritySchema
      .nullable()
      .describe('Null when the pipeline is too broken to be identified; such a run has failed.'),
    status: z.enum(['succeeded', 'failed']),
    failure: runFailureSchema.nullable(),
    code: z
      .strictObject({ sha: gitShaSchema, clean: z.boolean() })
      .nullable()
      .describe('Null outside of git; `clean` when no tracked file differed from the commit.'),
    stages: z.array(stageRecordSchema),
    parameters: z
      .record(z.string(), parameterSchema)
      .describe('Dotted name to value, the parameters the stages declare.'),
    seeds: z.record(z.string(), z.number()).optional().describe('Those of the parameters that are seeds.'),
    sources: z.array(sourceSchema),
    validations: z
      .array(validationSummarySchema)
      .max(100)
      .optional()
      .describe('What the data was found to be before training, where `data.validate` names a schema for it.'),
    features: z.record(z.string(), z.string()).optional().describe('Version of each feature view that went in.'),
    modelFile: modelFileSchema.nullable(),
    reportedMetrics: z
      .record(z.string(), z.number())
      .describe('What the training program said about itself; gates nothing.'),
    environment: environmentSchema,
    startedAt: timestampSchema,
    finishedAt: timestampSchema,
  })
  .describe(
    'One execution of a pipeline, as the training job tells it: every field is a claim until the trusted side has recomputed `key` from the git tree and hashed the model file itself.',
  );
export type RunRecord = z.infer<typeof runRecordSchema>;
