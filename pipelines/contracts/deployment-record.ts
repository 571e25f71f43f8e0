import { z } from 'zod';
import {
  gitShaSchema,
  modelNameSchema,
  repositorySchema,
  sha256Schema,
  timestampSchema,
  versionSchema,
} from './common.ts';

export const deploymentRecordSchema = z
  .strictObject({
    kind: z.literal('deployment-record'),
    version: z.literal(1),
    repository: repositorySchema,
    environment: z.string().min(1).max(255),
    deployment: z
      .int()
      .positive()
      .describe('Id of the deployment in the log of GitHub that shows it; newer ones are greater.'),
    model: modelNameSchema,
    release: versionSchema,
    tag: z.string(),
    sha256: sha256Schema.describe('Digest of the model file that was loaded.'),
    commit: gitShaSchema.describe('Commit of the release.'),
    outcome: z
      .enum(['success', 'failure', 'error'])
      .describe('`success` serves the environment, `failure` was a bad model, `error` a rollout that broke.'),
    reason: z.string().max(4000),
    at: timestampSchema,
  })
  .describe(
    'How a rollout ended, as the job that did it tells the App: artifact of a `promote.yml` run and, once the App has made sure of that run, ledger entry `deployments/<model>/<environment>/<deployment>.json`.',
  );
export type DeploymentRecord = z.infer<typeof deploymentRecordSchema>;
