import { PulltrainError } from '../../../pipelines/errors.ts';
import { readLive } from '../read-ledger.ts';
import { owner, pageUrl, repo, type Story } from '../story.ts';
import { waitUntil } from '../wait-until.ts';

/** Watches a merge become a release and the release reach production, job by job. */
export async function followPromotion(story: Story, { commit, tag }: { commit: string; tag: string }): Promise<void> {
  const { timeline } = story;
  const runId = await timeline.step(
    `The judged bytes become ${tag}`,
    async () => {
      const id = await waitForPromotion(story, commit);
      await waitForJob(story, id, 'Publish');
      return id;
    },
    () => ({ url: pageUrl(story, `releases/tag/${encodeURIComponent(tag)}`) }),
  );
  await timeline.step(
    'Staging takes it',
    () => waitForJob(story, runId, 'Staging'),
    (job) => ({ url: jobUrl(story, runId, job) }),
  );
  await timeline.step(
    'Production takes it in steps',
    async () => {
      const job = await waitForJob(story, runId, 'Production');
      await waitForLedger(story, tag);
      return job;
    },
    (job) => ({
      url: jobUrl(story, runId, job),
    }),
  );
}

function waitForPromotion(story: Story, commit: string): Promise<number> {
  return waitUntil(
    async () => {
      const { data } = await story.maya.octokit.rest.actions.listWorkflowRuns({
        owner,
        repo,
        workflow_id: 'promote.yml',
        head_sha: commit,
      });
      return data.workflow_runs[0]?.id ?? null;
    },
    { what: 'the promotion', where: pageUrl(story, 'actions'), timeoutMs: 60_000, signal: story.signal },
  );
}

async function waitForJob(story: Story, runId: number, name: string): Promise<number> {
  const where = pageUrl(story, `actions/runs/${runId}`);
  const job = await waitUntil(
    async () => {
      const { data } = await story.maya.octokit.rest.actions.listJobsForWorkflowRun({ owner, repo, run_id: runId });
      return data.jobs.find((candidate) => candidate.name === name && candidate.status === 'completed') ?? null;
    },
    { what: `the job ${name}`, where, timeoutMs: 180_000, signal: story.signal },
  );
  if (job.conclusion === 'success') return job.id;
  throw new PulltrainError('story-broken', {
    what: `the job ${name} did not succeed`,
    where: jobUrl(story, runId, job.id),
    seen: job.conclusion ?? 'no conclusion',
    cause: await lastLines(story, job.id),
  });
}

/** A rollout is over when the App has written down what is live. */
async function waitForLedger(story: Story, tag: string): Promise<void> {
  await waitUntil(async () => ((await readLive(story.maya.octokit, 'production')) === tag ? true : null), {
    what: `the ledger's record of ${tag} in production`,
    where: pageUrl(story, 'tree/ledger'),
    timeoutMs: 60_000,
    signal: story.signal,
  });
}

/** The end of a job's log: why it failed. */
async function lastLines(story: Story, jobId: number): Promise<string> {
  const { data } = await story.maya.octokit.rest.actions.downloadJobLogsForWorkflowRun({ owner, repo, job_id: jobId });
  // The answer is plain text, which the generated type does not know.
  const text: unknown = data;
  return String(text).trimEnd().split('\n').slice(-12).join('\n');
}

function jobUrl(story: Story, runId: number, jobId: number): string {
  return pageUrl(story, `actions/runs/${runId}/job/${jobId}`);
}
