import { formatTimestamp } from '../../github/timestamp.ts';
import type { Engine, KnownWorkflow } from '../engine/engine.ts';

/** A workflow as REST and webhooks show it. */
export function workflowPayload({ kernel }: Engine, known: KnownWorkflow): Record<string, unknown> {
  const { id, repository, workflow } = known;
  const fullName = `${repository.owner}/${repository.name}`;
  const page = `${kernel.url}/${fullName}`;
  const createdAt = formatTimestamp(new Date(known.createdAt));
  return {
    id,
    node_id: nodeId('W', id),
    name: workflow.name,
    path: workflow.path,
    state: 'active',
    created_at: createdAt,
    updated_at: createdAt,
    url: `${kernel.url}/repos/${fullName}/actions/workflows/${id}`,
    html_url: `${page}/blob/${kernel.defaultBranch(repository)}/${workflow.path}`,
    badge_url: `${page}/workflows/${encodeURIComponent(workflow.name)}/badge.svg`,
  };
}

/** GitHub's opaque id of an object; clients only pass it on. */
export function nodeId(prefix: string, id: number): string {
  return `${prefix}_${Buffer.from(String(id)).toString('base64url')}`;
}
