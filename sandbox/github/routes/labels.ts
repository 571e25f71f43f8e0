import { z } from 'zod';
import { requireIssue } from '../issues/change-issue.ts';
import { saveLabel } from '../issues/save-label.ts';
import { ApiError, type RouteContext } from '../kernel.ts';
import { paginate } from '../paginate.ts';
import { labelPayload, labelsOf } from '../payloads/issue.ts';
import { type Platform, requireRepository } from '../platform.ts';
import { found, numberParameter, parameter, readBody } from '../read-request.ts';
import type { Issue, Label, Repository } from '../records.ts';
import { emitLabel, mayTriage } from './issues.ts';

const Color = z.string().regex(/^[0-9a-fA-F]{6}$/);
const NewLabel = z.object({
  name: z.string().min(1).max(50),
  color: Color.default('ededed'),
  description: z.string().max(100).nullish(),
});
const LabelNames = z.union([
  z.array(z.string()).transform((labels) => ({ labels })),
  z.object({
    labels: z.array(z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)])).default([]),
  }),
]);

/** Labels of the repository, and those an issue or pull request wears. */
export function mountLabels(platform: Platform): void {
  const { kernel } = platform;
  const read = { permission: ['issues', 'pull_requests'], access: 'read' } as const;
  const write = { permission: ['issues', 'pull_requests'], access: 'write' } as const;
  const worn = '/repos/:owner/:repo/issues/:issue_number/labels';

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/labels',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      return paginate(context, [...repository.labels.values()]).map((one) => labelPayload(platform, repository, one));
    },
  });

  kernel.route({
    method: 'POST',
    path: '/repos/:owner/:repo/labels',
    needs: write,
    async handler(context) {
      requireTriage(context);
      const repository = requireRepository(platform, context);
      const body = readBody(context, NewLabel);
      if (repository.labels.has(body.name.toLowerCase())) {
        throw new ApiError(422, 'Validation Failed', [{ resource: 'Label', code: 'already_exists', field: 'name' }]);
      }
      const label: Label = {
        id: kernel.nextId(),
        name: body.name,
        color: body.color.toLowerCase(),
        description: body.description ?? null,
      };
      repository.labels.set(label.name.toLowerCase(), label);
      context.reply.code(201);
      return labelPayload(platform, repository, label);
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/labels/:name',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      return labelPayload(platform, repository, found(repository.labels.get(parameter(context, 'name').toLowerCase())));
    },
  });

  kernel.route({
    method: 'GET',
    path: worn,
    needs: read,
    handler: async (context) => paginate(context, describe(context)),
  });

  kernel.route({
    method: 'POST',
    path: worn,
    needs: write,
    async handler(context) {
      const { labels } = readBody(context, LabelNames);
      change(context, (before) => [...before, ...labels]);
      return describe(context);
    },
  });

  kernel.route({
    method: 'PUT',
    path: worn,
    needs: write,
    async handler(context) {
      const { labels } = readBody(context, LabelNames);
      change(context, () => labels);
      return describe(context);
    },
  });

  kernel.route({
    method: 'DELETE',
    path: `${worn}/:name`,
    needs: write,
    async handler(context) {
      const name = parameter(context, 'name').toLowerCase();
      const { issue } = subject(context);
      if (!issue.labels.some((one) => one.toLowerCase() === name)) throw new ApiError(404, 'Label does not exist');
      change(context, (before) => before.filter((one) => one.toLowerCase() !== name));
      return describe(context);
    },
  });

  function subject(context: RouteContext): { repository: Repository; issue: Issue } {
    const repository = requireRepository(platform, context);
    return { repository, issue: requireIssue(repository, numberParameter(context, 'issue_number')) };
  }

  function describe(context: RouteContext): Record<string, unknown>[] {
    const { repository, issue } = subject(context);
    return labelsOf(platform, repository, issue);
  }

  function change(context: RouteContext, next: (before: readonly string[]) => string[]): void {
    requireTriage(context);
    const { repository, issue } = subject(context);
    const before = issue.labels;
    const after = new Set(next(before).map((name) => saveLabel(platform, repository, name).name));
    issue.labels = [...after];
    issue.updatedAt = platform.timestamp();
    const { actor } = context;
    if (actor === null) return;
    for (const name of after)
      if (!before.includes(name)) emitLabel(platform, repository, actor, issue, name, 'labeled');
    for (const name of before) if (!after.has(name)) emitLabel(platform, repository, actor, issue, name, 'unlabeled');
  }
}

function requireTriage(context: RouteContext): void {
  if (!mayTriage(context)) throw new ApiError(403, 'Must have triage access to repository');
}
