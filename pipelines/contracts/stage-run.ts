import { z } from 'zod';
import { gitShaSchema, integritySchema, repositoryPathSchema, timestampSchema } from './common.ts';
import { parameterSchema } from './run-record.ts';

const contentSchema = z.strictObject({
  path: repositoryPathSchema,
  type: z.enum(['file', 'directory']),
  fingerprint: integritySchema.describe('Integrity of the file, or of the list of the files below the directory.'),
  size: z.int().nonnegative().describe('Bytes of all files.'),
  files: z.int().nonnegative(),
});
/** What lies at a path: a file, or a directory and all below it. */
export type Content = z.infer<typeof contentSchema>;

const outputSchema = contentSchema.extend({
  integrity: integritySchema.nullable().describe('Its name in the content store; null when it was not stored.'),
});
export type StageOutput = z.infer<typeof outputSchema>;

export const stageRunSchema = z
  .strictObject({
    kind: z.literal('stage-run'),
    version: z.literal(1),
    key: integritySchema.describe('Integrity of command, directory, parameters, output paths and content of inputs.'),
    stage: z.string().max(1000),
    commands: z.array(z.string()),
    parameters: z.record(z.string(), z.record(z.string(), parameterSchema)).describe('By file and name.'),
    deps: z.array(z.strictObject({ path: z.string(), fingerprint: integritySchema })),
    outs: z.array(outputSchema),
    seconds: z.number().nonnegative(),
    code: z.strictObject({ sha: gitShaSchema, clean: z.boolean() }).nullable().describe('Null outside of git.'),
    madeAt: timestampSchema,
  })
  .describe(
    'One successful execution of one stage: what went in by content and what came out. `runs/<key as hex>.json` of the run cache; a claim of whoever wrote it there.',
  );
export type StageRun = z.infer<typeof stageRunSchema>;
