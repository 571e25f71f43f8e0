import type { Platform } from '../platform.ts';
import type { Deployment, DeploymentStatus, Repository } from '../records.ts';
import { nodeId } from './account.ts';
import { actorApp } from './app.ts';
import { repositoryUrl } from './issue.ts';

export function deploymentPayload(
  platform: Platform,
  repository: Repository,
  deployment: Deployment,
): Record<string, unknown> {
  const api = repositoryUrl(platform, repository);
  const own = `${api}/deployments/${deployment.id}`;
  return {
    url: own,
    id: deployment.id,
    node_id: nodeId('Deployment', deployment.id),
    task: deployment.task,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    created_at: deployment.createdAt,
    updated_at: deployment.updatedAt,
    statuses_url: `${own}/statuses`,
    repository_url: api,
    creator: platform.kernel.actorPayload(deployment.creator),
    sha: deployment.sha,
    ref: deployment.ref,
    payload: deployment.payload,
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: actorApp(platform, deployment.creator),
  };
}

export function deploymentStatusPayload(
  platform: Platform,
  repository: Repository,
  deployment: Deployment,
  status: DeploymentStatus,
): Record<string, unknown> {
  const api = repositoryUrl(platform, repository);
  const own = `${api}/deployments/${deployment.id}`;
  return {
    url: `${own}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DeploymentStatus', status.id),
    state: status.state,
    creator: platform.kernel.actorPayload(status.creator),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    log_url: status.logUrl,
    environment_url: status.environmentUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: own,
    repository_url: api,
    performed_via_github_app: actorApp(platform, status.creator),
  };
}
