import { type DeploymentPayload, deploymentPayloadSchema } from '../../pipelines/contracts/model-manifest.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { GitHub } from '../github/client.ts';
import { deploymentTask } from './deployment-task.ts';

export type LivePlace = { owner: string; repo: string; environment: string; model: string };

/** Deployments looked back at: more rollouts than this do not fail one after the other. */
const lookBack = 20;

/** The release that an environment serves, by GitHub's deployment log; null before the first one. */
export async function liveRelease(github: GitHub, place: LivePlace): Promise<DeploymentPayload | null> {
  return (await liveDeployment(github, place))?.payload ?? null;
}

/**
 * The newest deployment whose last status is success. One call, and one more for every deployment since; never more
 * than 21. Throws `live-release-unknown` when none of the last 20 succeeded.
 */
export async function liveDeployment(
  github: GitHub,
  { owner, repo, environment, model }: LivePlace,
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
  if (deployments.length < lookBack) return null;
  throw new PulltrainError('live-release-unknown', {
    what: `none of the last ${lookBack} deployments succeeded`,
    where: `${model} in ${environment}`,
    cure: 'Deploy a release by hand.',
  });
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
