import type { Platform } from '../platform.ts';
import type { Environment, Repository } from '../records.ts';
import { nodeId } from './account.ts';
import { repositoryPage, repositoryUrl } from './issue.ts';

export function environmentPayload(
  platform: Platform,
  repository: Repository,
  environment: Environment,
): Record<string, unknown> {
  const name = encodeURIComponent(environment.name);
  const restricted = environment.branchPolicy !== 'all';
  return {
    id: environment.id,
    node_id: nodeId('Environment', environment.id),
    name: environment.name,
    url: `${repositoryUrl(platform, repository)}/environments/${name}`,
    html_url: `${repositoryPage(platform, repository)}/deployments/activity_log?environments_filter=${name}`,
    created_at: environment.createdAt,
    updated_at: environment.updatedAt,
    protection_rules: restricted
      ? [{ id: environment.id, node_id: nodeId('Gate', environment.id), type: 'branch_policy' }]
      : [],
    deployment_branch_policy: restricted
      ? {
          protected_branches: environment.branchPolicy === 'protected',
          custom_branch_policies: environment.branchPolicy === 'custom',
        }
      : null,
  };
}

export function branchPolicyPayload({ id, name }: { id: number; name: string }): Record<string, unknown> {
  return { id, node_id: nodeId('DeploymentBranchPolicy', id), name, type: 'branch' };
}
