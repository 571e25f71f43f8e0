import type { Actor } from '../kernel.ts';
import { deploymentPayload, deploymentStatusPayload } from '../payloads/deployment.ts';
import type { Platform } from '../platform.ts';
import type { Deployment, DeploymentStatus, Repository } from '../records.ts';

type NewStatus = Pick<DeploymentStatus, 'state' | 'description' | 'environment' | 'environmentUrl' | 'logUrl'> & {
  autoInactive: boolean;
};

/** Adds a status; a success retires the older successes of its environment, unless they are production or transient. */
export function addDeploymentStatus(
  platform: Platform,
  repository: Repository,
  deployment: Deployment,
  actor: Actor,
  { autoInactive, ...fields }: NewStatus,
): DeploymentStatus {
  const add = (to: Deployment, values: Omit<NewStatus, 'autoInactive'>): DeploymentStatus => {
    const time = platform.timestamp();
    const status = { ...values, id: platform.kernel.nextId(), creator: actor, createdAt: time };
    to.statuses.push(status);
    to.updatedAt = time;
    const payload = {
      deployment: deploymentPayload(platform, repository, to),
      deployment_status: deploymentStatusPayload(platform, repository, to, status),
    };
    platform.kernel.emit({ name: 'deployment_status', action: 'created', repository, actor, payload });
    return status;
  };
  const status = add(deployment, fields);
  if (fields.state !== 'success' || !autoInactive) return status;
  for (const older of repository.deployments.values()) {
    const retires =
      older.id < deployment.id &&
      older.environment === fields.environment &&
      !older.transient &&
      !older.production &&
      older.statuses.at(-1)?.state === 'success';
    if (retires) add(older, { ...fields, state: 'inactive', description: '' });
  }
  return status;
}
