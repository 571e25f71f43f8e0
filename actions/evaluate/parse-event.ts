import { z } from 'zod';
import { gitShaSchema } from '../../pipelines/contracts/common.ts';
import { PulltrainError } from '../../pipelines/errors.ts';

const eventSchema = z.object({
  workflow_run: z.object({
    id: z.int().positive(),
    event: z.string(),
    head_sha: gitShaSchema,
    head_branch: z.string().nullable(),
    head_repository: z.object({ owner: z.object({ login: z.string() }) }).nullish(),
  }),
});

/** The training run behind a `workflow_run` event. */
export type TrainingRun = { runId: number; headSha: string; headRef: string | null; headOwner: string | null };

/** Reads the event that started the job. Throws `event-unsuited` unless it is the end of a pull request's run. */
export function parseEvent(event: unknown): TrainingRun {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success || parsed.data.workflow_run.event !== 'pull_request') {
    throw new PulltrainError('event-unsuited', {
      what: 'the job was not started by the end of a training run',
      ...(parsed.success ? { seen: `a run of ${parsed.data.workflow_run.event}` } : { cause: parsed.error }),
      allowed: 'workflow_run of a workflow that runs on pull_request',
    });
  }
  const { id, head_sha: headSha, head_branch: headRef, head_repository: head } = parsed.data.workflow_run;
  return { runId: id, headSha, headRef, headOwner: head?.owner.login ?? null };
}
