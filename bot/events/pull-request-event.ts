import { z } from 'zod';
import { gitShaSchema } from '../../pipelines/contracts/common.ts';
import { type EventPlace, eventPlace, repositoryEventSchema } from './repository-event.ts';

const schema = repositoryEventSchema.extend({
  pull_request: z.object({
    number: z.int(),
    head: z.object({ sha: gitShaSchema }),
    base: z.object({ ref: z.string() }),
  }),
});

export type PullRequestEvent = { place: EventPlace; pull: number; headSha: string; baseRef: string };

export function parsePullRequestEvent(payload: unknown): PullRequestEvent {
  const event = schema.parse(payload);
  const { number, head, base } = event.pull_request;
  return { place: eventPlace(event), pull: number, headSha: head.sha, baseRef: base.ref };
}
