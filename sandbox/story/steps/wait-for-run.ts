import { owner, repo, type Story } from '../story.ts';
import { waitUntil } from '../wait-until.ts';

export type FinishedRun = { id: number; conclusion: string };
type RunFilter = { workflow: string; event?: string; headSha?: string; afterId?: number };

/** Waits for the newest run of a workflow that fits the filter to complete; any conclusion will do. */
export function waitForRun(story: Story, filter: RunFilter): Promise<FinishedRun> {
  const { workflow, event, headSha, afterId = 0 } = filter;
  return waitUntil(
    async () => {
      const { data } = await story.maya.octokit.rest.actions.listWorkflowRuns({
        owner,
        repo,
        workflow_id: workflow,
        per_page: 20,
        ...(event === undefined ? {} : { event }),
        ...(headSha === undefined ? {} : { head_sha: headSha }),
      });
      const run = data.workflow_runs.find(({ id, status }) => id > afterId && status === 'completed');
      return run === undefined ? null : { id: run.id, conclusion: run.conclusion ?? 'unknown' };
    },
    {
      what: `a run of ${workflow}`,
      where: `${story.url}/${owner}/${repo}/actions`,
      timeoutMs: 240_000,
      signal: story.signal,
    },
  );
}
