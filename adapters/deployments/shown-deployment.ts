import { type DeploymentPayload, deploymentPayloadSchema } from '../../pipelines/contracts/model-manifest.ts';
import type { GitHub } from '../github/client.ts';
import { deploymentTask } from './deployment-task.ts';

/** Deployments looked back at: the log is a view for people, and what lies further back is old news. */
const lookBack = 20;

/**
 * What GitHub's deployment log shows as serving an environment: the newest deployment whose last status is success, or
 * null. Anybody whose workflow may write deployments can add to that log, so nothing may follow from it but what is shown.
 * One call, and one more for every deployment since; never more than 21.
 */
export async function shownDeployment(
  github: GitHub,
  { owner, repo, environment, model }: { owner: string; repo: string; environment: string; model: string },
): Promise<{ id: number; payload: DeploymentPayload } | null> {
  const { data: deployments } = await github.rest.repos.listDeployments({
    owner,
    repo,
    environment,
    task: deploymentTask(model),
    per_page: lookBack,
  });
  // GitHub lists the newest first, though it does not promise to.
  for (const deployment of deployments.toSorted((left, right) => right.id - left.id)) {
    const payload = deploymentPayloadSchema.safeParse(unwrap(deployment.payload));
    if (!payload.success || payload.data.model !== model) continue;
    const { data: statuses } = await github.rest.repos.listDeploymentStatuses({
      owner,
      repo,
      deployment_id: deployment.id,
      per_page: 1,
    });
    if (statuses[0]?.state === 'success') return { id: deployment.id, payload: payload.data };
  }
  return null;
}

/** The API takes the payload as JSON or as text of JSON, and gives it back as it was given. */
function unwrap(payload: unknown): unknown {
  if (typeof payload !== 'string') return payload;
  try {
    return JSON.parse(payload);
  } catch {
    return null;
  }
}
