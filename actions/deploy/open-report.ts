import { createDeployment } from '../../adapters/deployments/create-deployment.ts';
import { setDeploymentStatus } from '../../adapters/deployments/set-deployment-status.ts';
import { shownDeployment } from '../../adapters/deployments/shown-deployment.ts';
import type { GitHub } from '../../adapters/github/client.ts';
import type { ServedRelease } from '../../pipelines/contracts/rollout-plan.ts';

export type Report = {
  /** The deployment that shows it. */
  deployment: number;
  say(state: 'in_progress' | 'success' | 'failure' | 'error', text: string): Promise<void>;
};

export type ReportPlace = {
  owner: string;
  repo: string;
  model: string;
  environment: string;
  /** Page of this run, linked from every status. */
  logUrl: string;
};

/**
 * A deployment in GitHub's log and a way to add to its story; every line is also said in the log of the job. A success
 * ends the deployment of the same model that is shown as serving the environment before.
 */
export async function openReport(
  github: GitHub,
  { owner, repo, model, environment, logUrl }: ReportPlace,
  candidate: ServedRelease,
  tell: (line: string) => void,
): Promise<Report> {
  const deploymentId = await createDeployment(github, {
    owner,
    repo,
    ref: candidate.tag,
    environment,
    production: environment === 'production',
    payload: { kind: 'pulltrain-deployment', version: 1, model, ...candidate },
  });
  return {
    deployment: deploymentId,
    async say(state, description) {
      tell(description);
      const before = state === 'success' ? await shownDeployment(github, { owner, repo, environment, model }) : null;
      await setDeploymentStatus(github, { owner, repo, deploymentId, state, description, logUrl });
      if (before === null || before.id === deploymentId) return;
      const replaced = { owner, repo, deploymentId: before.id, state: 'inactive', logUrl } as const;
      await setDeploymentStatus(github, { ...replaced, description: `replaced by ${candidate.tag}` });
    },
  };
}
