import type { GitHub } from '../github/client.ts';

type Wanted = { owner: string; repo: string; runId: number; name: string };
type Artifact = Awaited<ReturnType<GitHub['rest']['actions']['listWorkflowRunArtifacts']>>['data']['artifacts'][number];

/** The artifact of a workflow run with that name; null when there is none. A re-run may upload the name again: the newest counts. */
export async function findArtifact(github: GitHub, { owner, repo, runId, name }: Wanted): Promise<Artifact | null> {
  const { data } = await github.rest.actions.listWorkflowRunArtifacts({
    owner,
    repo,
    run_id: runId,
    name,
    per_page: 100,
  });
  const named = data.artifacts.filter((artifact) => artifact.name === name);
  return named.sort((left, right) => right.id - left.id)[0] ?? null;
}
