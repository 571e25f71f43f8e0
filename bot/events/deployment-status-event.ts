import { z } from 'zod';
import { gitShaSchema } from '../../pipelines/contracts/common.ts';
import { type DeploymentPayload, deploymentPayloadSchema } from '../../pipelines/contracts/model-manifest.ts';
import { type EventPlace, eventPlace, repositoryEventSchema } from './repository-event.ts';

const schema = repositoryEventSchema.extend({
  deployment_status: z.object({
    id: z.int().positive(),
    state: z.string(),
    description: z.string().nullable().default(''),
    created_at: z.iso.datetime(),
    log_url: z.string().nullish(),
  }),
  deployment: z.object({
    id: z.int().positive(),
    sha: gitShaSchema,
    environment: z.string(),
    payload: z.union([z.string(), z.record(z.string(), z.unknown())]),
  }),
});

export type DeploymentStatusEvent = {
  place: EventPlace;
  state: string;
  environment: string;
  reason: string;
  /** When GitHub recorded the status, UTC. */
  at: string;
  commit: string;
  /** Null when the deployment is not one of Pulltrain's. */
  payload: DeploymentPayload | null;
};

export function parseDeploymentStatusEvent(payload: unknown): DeploymentStatusEvent {
  const event = schema.parse(payload);
  const { deployment, deployment_status: status } = event;
  return {
    place: eventPlace(event),
    state: status.state,
    environment: deployment.environment,
    reason: status.description ?? '',
    at: status.created_at,
    commit: deployment.sha,
    payload: deploymentPayloadSchema.safeParse(unwrap(deployment.payload)).data ?? null,
  };
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
