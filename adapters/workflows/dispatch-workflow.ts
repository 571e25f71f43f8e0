import { PulltrainError } from '../../pipelines/errors.ts';
import type { GitHub } from '../github/client.ts';
import { isStatus } from '../github/is-status.ts';
import type { Place } from '../github/is-written-by.ts';

/**
 * Starts a workflow on a branch and returns the page of the run, null where GitHub does not tell it. Throws
 * `dispatch-refused` for a workflow that is not on the default branch, not on this one, or cannot be dispatched.
 */
export async function dispatchWorkflow(
  github: GitHub,
  { owner, repo }: Place,
  { workflow, branch, inputs }: { workflow: string; branch: string; inputs: Readonly<Record<string, string>> },
): Promise<string | null> {
  try {
    const { data } = await github.request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
      owner,
      repo,
      workflow_id: workflow,
      ref: `refs/heads/${branch}`,
      inputs: { ...inputs },
      return_run_details: true,
      // Asking twice would start it twice.
      request: { retries: 0 },
    });
    const answer: unknown = data;
    const isTold = typeof answer === 'object' && answer !== null && 'html_url' in answer;
    return isTold && typeof answer.html_url === 'string' ? answer.html_url : null;
  } catch (cause) {
    if (!isStatus(cause, 403, 404, 422)) throw cause;
    throw new PulltrainError('dispatch-refused', {
      what: 'GitHub did not start the workflow',
      where: `${workflow} on ${branch}`,
      cure: `Check that .github/workflows/${workflow} is on the default branch and on this one, and that the App may write actions.`,
      cause,
    });
  }
}
