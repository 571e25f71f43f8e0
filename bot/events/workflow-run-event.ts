import { z } from 'zod';
import { gitShaSchema } from '../../pipelines/contracts/common.ts';
import { type EventPlace, eventPlace, repositoryEventSchema } from './repository-event.ts';

const schema = repositoryEventSchema.extend({
  workflow_run: z.object({
    id: z.int().positive(),
    path: z.string(),
    event: z.string(),
    head_branch: z.string().nullable(),
    head_sha: gitShaSchema,
    head_repository: z.object({ id: z.int() }).nullable(),
    conclusion: z.string().nullable(),
    html_url: z.string(),
    display_title: z.string().default(''),
  }),
});

export type WorkflowRunEvent = {
  place: EventPlace;
  runId: number;
  /** `.github/workflows/judge.yml`, without the `@ref` that GitHub may add. */
  path: string;
  /** What started the run. */
  cause: string;
  /** Commit whose workflow file and code ran. */
  headSha: string;
  /** It says that it ran on the default branch of this very repository; a pushed or dispatched tag may be called the same. */
  onDefaultBranch: boolean;
  conclusion: string | null;
  url: string;
  title: string;
};

export function parseWorkflowRunEvent(payload: unknown): WorkflowRunEvent {
  const event = schema.parse(payload);
  const run = event.workflow_run;
  const place = eventPlace(event);
  return {
    place,
    runId: run.id,
    path: run.path.replace(/@.*$/, ''),
    cause: run.event,
    headSha: run.head_sha,
    onDefaultBranch: run.head_branch === place.defaultBranch && run.head_repository?.id === place.repositoryId,
    conclusion: run.conclusion,
    url: run.html_url,
    title: run.display_title,
  };
}
