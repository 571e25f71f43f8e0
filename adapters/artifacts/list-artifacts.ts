import type { GitHub } from '../github/client.ts';

/**
 * Names of a run's artifacts that begin with `prefix`, sorted, each once. Only the run's own jobs can add to them. One
 * call per hundred artifacts.
 */
export async function listArtifacts(
  github: GitHub,
  { owner, repo, runId, prefix }: { owner: string; repo: string; runId: number; prefix: string },
): Promise<string[]> {
  const artifacts = await github.paginate(github.rest.actions.listWorkflowRunArtifacts, {
    owner,
    repo,
    run_id: runId,
    per_page: 100,
  });
  return [...new Set(artifacts.map(({ name }) => name).filter((name) => name.startsWith(prefix)))].sort();
}
