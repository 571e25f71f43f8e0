import { z } from 'zod';
import { type EventPlace, eventPlace, repositoryEventSchema } from './repository-event.ts';

const schema = repositoryEventSchema.extend({
  issue: z.object({
    number: z.int().positive(),
    body: z.string().nullish(),
    user: z.object({ login: z.string() }).nullish(),
    pull_request: z.unknown().optional(),
  }),
  comment: z.object({
    id: z.int().positive(),
    body: z.string(),
    user: z.object({ login: z.string(), type: z.string() }).nullable(),
    performed_via_github_app: z.unknown().optional(),
  }),
});

export type IssueCommentEvent = {
  place: EventPlace;
  issue: number;
  issueBody: string;
  issueAuthor: string | null;
  onPullRequest: boolean;
  comment: number;
  body: string;
  /** Null when a bot, an app or a deleted account wrote it: none of them gives commands. */
  person: string | null;
};

export function parseIssueCommentEvent(payload: unknown): IssueCommentEvent {
  const event = schema.parse(payload);
  const { comment, issue } = event;
  const byPerson = comment.user?.type === 'User' && (comment.performed_via_github_app ?? null) === null;
  return {
    place: eventPlace(event),
    issue: issue.number,
    issueBody: issue.body ?? '',
    issueAuthor: issue.user?.login ?? null,
    onPullRequest: (issue.pull_request ?? null) !== null,
    comment: comment.id,
    body: comment.body,
    person: byPerson ? (comment.user?.login ?? null) : null,
  };
}
