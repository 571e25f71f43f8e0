import { z } from 'zod';
import {
  gitShaSchema,
  integritySchema,
  modelNameSchema,
  sha256Schema,
  statusSchema,
  timestampSchema,
  versionSchema,
} from './common.ts';
import { holdoutSchema, taskSchema, tensorSchema } from './evaluation.ts';
import { featurePinSchema } from './feature-pin.ts';
import { sourceSchema } from './run-record.ts';

export const modelManifestSchema = z
  .strictObject({
    kind: z.literal('model-manifest'),
    version: z.literal(1),
    model: modelNameSchema,
    release: versionSchema,
    tag: z.string(),
    commit: gitShaSchema,
    key: integritySchema,
    task: taskSchema,
    threshold: z.number().nullable(),
    inputs: z.array(tensorSchema),
    files: z.array(
      z.strictObject({
        name: z.string(),
        role: z.enum(['model', 'card', 'evaluation', 'profile', 'judgement']),
        sha256: sha256Schema,
        size: z.int().nonnegative(),
      }),
    ),
    holdout: holdoutSchema,
    sources: z.array(sourceSchema),
    features: z
      .array(featurePinSchema)
      .optional()
      .describe(
        'Features that it was trained on, by version; computed from the git tree by the job that published it.',
      ),
    lineage: z
      .enum(['reported', 'reproduced'])
      .describe('`reported` until the run has been reproduced on the trusted side.'),
    verdict: statusSchema,
    pull: z.int().positive(),
    publishedAt: timestampSchema,
  })
  .describe('`manifest.json` of a release: what is in it, where it came from, who judged it.');
export type ModelManifest = z.infer<typeof modelManifestSchema>;

export const deploymentPayloadSchema = z
  .strictObject({
    kind: z.literal('pulltrain-deployment'),
    version: z.literal(1),
    model: modelNameSchema,
    release: versionSchema,
    tag: z.string(),
    sha256: sha256Schema,
  })
  .describe('Payload of every GitHub Deployment Pulltrain makes: the answer to "which model is live".');
export type DeploymentPayload = z.infer<typeof deploymentPayloadSchema>;
