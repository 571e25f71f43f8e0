import { z } from 'zod';
import { PulltrainError } from '../../pipelines/errors.ts';
import { parseSweepTitle } from '../../pipelines/sweeps/sweep-paths.ts';

const eventSchema = z.object({
  workflow_run: z.object({
    id: z.int().positive(),
    event: z.literal('workflow_dispatch'),
    head_branch: z.string(),
    display_title: z.string(),
  }),
});

/** The run that trained the trials of a rung, and which sweep it says it is of. */
export type TrialsRun = { runId: number; branch: string; id: string; rung: number };

/** Reads the event that started the job. Throws `event-unsuited` unless it is the end of a dispatched run of a sweep. */
export function parseEvent(event: unknown): TrialsRun {
  const parsed = eventSchema.safeParse(event);
  const sweep = parsed.success ? parseSweepTitle(parsed.data.workflow_run.display_title) : null;
  if (!parsed.success || sweep === null) {
    throw new PulltrainError('event-unsuited', {
      what: 'this job is not started by the end of a run that the App dispatched for a sweep',
      allowed: 'workflow_run of sweep.yml, whose run-name is "Sweep <id> rung <number>"',
    });
  }
  const { id, head_branch: branch } = parsed.data.workflow_run;
  return { runId: id, branch, ...sweep };
}
