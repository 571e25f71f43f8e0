import { type DeploymentPayload, deploymentPayloadSchema } from '../../pipelines/contracts/model-manifest.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { GitHub } from '../github/client.ts';
import { deploymentTask } from './deployment-task.ts';

export type DeploymentRequest = {
  owner: string;
  repo: string;
  /** Tag of the release. */
  ref: string;
  environment: string;
  production: boolean;
  payload: DeploymentPayload;
};

/**
 * Opens a deployment in GitHub's own log and returns its id. GitHub's defaults would merge the default branch into the
 * tag and wait for every check of it; both are switched off.
 */
export async function createDeployment(
  github: GitHub,
  { owner, repo, ref, environment, production, payload }: DeploymentRequest,
): Promise<number> {
  const { data, status } = await github.rest.repos.createDeployment({
    owner,
    repo,
    ref,
    task: deploymentTask(payload.model),
    environment,
    production_environment: production,
    transient_environment: false,
    auto_merge: false,
    required_contexts: [],
    payload: deploymentPayloadSchema.parse(payload),
    description: `${payload.tag} to ${environment}`,
  });
  if ('id' in data && typeof data.id === 'number') return data.id;
  throw new PulltrainError('deployment-refused', {
    what: 'GitHub did not open the deployment',
    where: `${payload.tag} to ${environment}`,
    seen: `status ${status}`,
  });
}
