import { formatTimestamp } from '../../github/timestamp.ts';
import type { Engine } from '../engine/engine.ts';
import type { ArtifactRecord, RunRecord } from '../model/records.ts';
import { nodeId } from './workflow-payload.ts';

/** An artifact as REST shows it. */
export function artifactPayload({ kernel }: Engine, run: RunRecord, artifact: ArtifactRecord): Record<string, unknown> {
  const repository = kernel.repositoryPayload(run.repository);
  const url = `${kernel.url}/repos/${run.repository.owner}/${run.repository.name}/actions/artifacts/${artifact.id}`;
  const createdAt = formatTimestamp(new Date(artifact.createdAt));
  return {
    id: artifact.id,
    node_id: nodeId('A', artifact.id),
    name: artifact.name,
    size_in_bytes: artifact.size,
    url,
    archive_download_url: `${url}/zip`,
    expired: kernel.now() >= new Date(artifact.expiresAt),
    digest: artifact.digest,
    created_at: createdAt,
    updated_at: createdAt,
    expires_at: formatTimestamp(new Date(artifact.expiresAt)),
    workflow_run: {
      id: run.id,
      repository_id: repository.id,
      head_repository_id: repository.id,
      head_branch: run.trigger.headBranch ?? '',
      head_sha: run.trigger.headSha,
    },
  };
}
