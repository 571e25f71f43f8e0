import type { GitHub } from '../github/client.ts';

export type DeploymentStatus = {
  owner: string;
  repo: string;
  deploymentId: number;
  state: 'in_progress' | 'success' | 'failure' | 'error' | 'queued' | 'inactive';
  /** Cut to GitHub's 140 characters. */
  description: string;
  logUrl?: string;
};

const longest = 140;

/**
 * Adds one line to the story of a deployment. Earlier deployments stay as they are: GitHub would make all of the
 * environment inactive, those of other models too.
 */
export async function setDeploymentStatus(
  github: GitHub,
  { owner, repo, deploymentId, state, description, logUrl }: DeploymentStatus,
): Promise<void> {
  await github.rest.repos.createDeploymentStatus({
    owner,
    repo,
    deployment_id: deploymentId,
    state,
    description: cut(description),
    auto_inactive: false,
    ...(logUrl === undefined ? {} : { log_url: logUrl }),
  });
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join('')}…`;
}
