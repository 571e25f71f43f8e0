import { z } from 'zod';
import { ApiError } from '../kernel.ts';
import { paginate } from '../paginate.ts';
import { nodeId } from '../payloads/account.ts';
import { association, repositoryPage, repositoryUrl } from '../payloads/issue.ts';
import { pullPayload } from '../payloads/pull.ts';
import { type Platform, requireRepository } from '../platform.ts';
import { readBody } from '../read-request.ts';
import type { Issue, Repository, Review } from '../records.ts';
import { requirePull } from './pulls.ts';

const NewReview = z.object({
  body: z.string().max(65_536).default(''),
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']),
  commit_id: z.string().optional(),
});
const STATES = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const;

export function mountReviews(platform: Platform): void {
  const path = '/repos/:owner/:repo/pulls/:pull_number/reviews';

  platform.kernel.route({
    method: 'GET',
    path,
    needs: { permission: 'pull_requests', access: 'read' },
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { issue, pull } = requirePull(context, repository);
      return paginate(context, pull.reviews).map((review) => reviewPayload(platform, repository, issue, review));
    },
  });

  platform.kernel.route({
    method: 'POST',
    path,
    needs: { permission: 'pull_requests', access: 'write' },
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { issue, pull } = requirePull(context, repository);
      const { actor } = context;
      if (actor === null) throw new ApiError(401, 'Requires authentication');
      const body = readBody(context, NewReview);
      if (body.event !== 'COMMENT' && actor.login === issue.author.login) {
        throw new ApiError(422, 'Unprocessable Entity', ['Can not approve your own pull request']);
      }
      const review: Review = {
        id: platform.kernel.nextId(),
        author: actor,
        body: body.body,
        state: STATES[body.event],
        commitId: body.commit_id ?? pull.head.sha,
        submittedAt: platform.timestamp(),
      };
      pull.reviews.push(review);
      const described = reviewPayload(platform, repository, issue, review);
      const payload = { review: described, pull_request: pullPayload(platform, repository, issue, pull) };
      platform.kernel.emit({ name: 'pull_request_review', action: 'submitted', repository, actor, payload });
      return described;
    },
  });
}

function reviewPayload(
  platform: Platform,
  repository: Repository,
  issue: Issue,
  review: Review,
): Record<string, unknown> {
  const html = `${repositoryPage(platform, repository)}/pull/${issue.number}#pullrequestreview-${review.id}`;
  const pull = `${repositoryUrl(platform, repository)}/pulls/${issue.number}`;
  return {
    id: review.id,
    node_id: nodeId('PullRequestReview', review.id),
    user: platform.kernel.actorPayload(review.author),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pull,
    _links: { html: { href: html }, pull_request: { href: pull } },
    submitted_at: review.submittedAt,
    commit_id: review.commitId,
    author_association: association(platform, repository, review.author),
  };
}
