import { z } from 'zod';
import { type CheckRunInput, saveCheckRun } from '../checks/save-check-run.ts';
import { ApiError, type RouteContext } from '../kernel.ts';
import { paginate } from '../paginate.ts';
import { actorAppId } from '../payloads/app.ts';
import { checkRunPayload, checkSuitePayload } from '../payloads/check-run.ts';
import { type Platform, requireRepository } from '../platform.ts';
import { found, numberParameter, parameter, query, readBody } from '../read-request.ts';
import type { CheckRun, Repository } from '../records.ts';
import { requireCommit } from './commits.ts';

const LONGEST_TEXT = 65_535;

const Annotation = z.object({
  path: z.string(),
  start_line: z.number().int(),
  end_line: z.number().int(),
  annotation_level: z.enum(['notice', 'warning', 'failure']),
  message: z.string(),
  title: z.string().max(255).optional(),
  raw_details: z.string().optional(),
  start_column: z.number().int().optional(),
  end_column: z.number().int().optional(),
});

const Fields = z.object({
  details_url: z.string().optional(),
  external_id: z.string().optional(),
  status: z.enum(['queued', 'in_progress', 'completed', 'waiting', 'requested', 'pending']).optional(),
  conclusion: z
    .enum(['success', 'failure', 'neutral', 'cancelled', 'skipped', 'timed_out', 'action_required'])
    .optional(),
  started_at: z.string().optional(),
  completed_at: z.string().optional(),
  output: z
    .object({
      title: z.string().optional(),
      summary: z.string().max(LONGEST_TEXT),
      text: z.string().max(LONGEST_TEXT).optional(),
      annotations: z.array(Annotation).max(50).optional(),
    })
    .optional(),
  actions: z
    .array(z.object({ label: z.string().max(20), description: z.string().max(40), identifier: z.string().max(20) }))
    .max(3)
    .optional(),
});
const NewRun = Fields.extend({ name: z.string().min(1), head_sha: z.string() });
const RunUpdate = Fields.extend({ name: z.string().min(1).optional() });

/** Check runs: written by Apps alone, each its own. */
export function mountCheckRuns(platform: Platform): void {
  const { kernel } = platform;
  const read = { permission: 'checks', access: 'read' } as const;
  const write = { permission: 'checks', access: 'write' } as const;

  kernel.route({
    method: 'POST',
    path: '/repos/:owner/:repo/check-runs',
    needs: write,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const body = readBody(context, NewRun);
      const { oid } = await requireCommit(repository, body.head_sha);
      const run = save(context, repository, { ...fields(body), id: null, name: body.name, headSha: oid });
      context.reply.code(201);
      return checkRunPayload(platform, repository, run);
    },
  });

  kernel.route({
    method: 'PATCH',
    path: '/repos/:owner/:repo/check-runs/:check_run_id',
    needs: write,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const known = oneRun(context, repository);
      if (context.actor === null || actorAppId(context.actor) !== known.appId) {
        throw new ApiError(
          403,
          'Invalid app_id `' +
            `${known.appId}` +
            '` - check run can only be modified by the GitHub App that created it.',
        );
      }
      const body = readBody(context, RunUpdate);
      return checkRunPayload(
        platform,
        repository,
        save(context, repository, { ...fields(body), id: known.id, name: body.name }),
      );
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/check-runs/:check_run_id',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      return checkRunPayload(platform, repository, oneRun(context, repository));
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/check-runs/:check_run_id/annotations',
    needs: read,
    async handler(context) {
      return paginate(context, oneRun(context, requireRepository(platform, context)).annotations);
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/commits/:ref/check-runs',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { oid } = await requireCommit(repository, parameter(context, 'ref'));
      const runs = filterRuns(
        context,
        [...repository.checkRuns.values()].filter(({ headSha }) => headSha === oid),
      );
      const page = paginate(context, runs).map((run) => checkRunPayload(platform, repository, run));
      return { total_count: runs.length, check_runs: page };
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/commits/:ref/check-suites',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const commit = await requireCommit(repository, parameter(context, 'ref'));
      const suites = [...repository.checkSuites.values()].filter(({ headSha }) => headSha === commit.oid);
      const page = paginate(context, suites).map((suite) => checkSuitePayload(platform, repository, suite, commit));
      return { total_count: suites.length, check_suites: page };
    },
  });

  function save(context: RouteContext, repository: Repository, input: CheckRunInput): CheckRun {
    const appId = context.actor === null ? null : actorAppId(context.actor);
    if (context.actor === null || appId === null) throw new ApiError(403, 'You must authenticate via a GitHub App.');
    return saveCheckRun(platform, repository, context.actor, appId, input);
  }
}

function fields(body: z.infer<typeof Fields>): Omit<CheckRunInput, 'id'> {
  if (body.status === 'completed' && body.conclusion === undefined) {
    throw new ApiError(422, 'Invalid request.\n\nFor \'completed\' a "conclusion" must be supplied.');
  }
  const { annotations, ...output } = body.output ?? { annotations: undefined };
  return {
    status: body.status,
    conclusion: body.conclusion,
    detailsUrl: body.details_url,
    externalId: body.external_id,
    startedAt: body.started_at,
    completedAt: body.completed_at,
    output: body.output === undefined ? undefined : withoutUndefined(output),
    annotations: annotations?.map((one) => ({
      start_column: null,
      end_column: null,
      title: null,
      raw_details: null,
      blob_href: '',
      ...one,
    })),
  };
}

function withoutUndefined(output: Record<string, string | undefined>): Partial<CheckRun['output']> {
  return Object.fromEntries(Object.entries(output).filter(([, value]) => value !== undefined));
}

function oneRun(context: RouteContext, repository: Repository): CheckRun {
  return found(repository.checkRuns.get(numberParameter(context, 'check_run_id')));
}

/** Newest first; of the runs of one name and App only the latest, unless all are asked for. */
function filterRuns(context: RouteContext, runs: CheckRun[]): CheckRun[] {
  const name = query(context, 'check_name');
  const status = query(context, 'status');
  const appId = query(context, 'app_id');
  const asked = runs.filter(
    (run) =>
      (name === null || run.name === name) &&
      (status === null || run.status === status) &&
      (appId === null || String(run.appId) === appId),
  );
  if (query(context, 'filter') === 'all') return asked.toReversed();
  return [...new Map(asked.map((run) => [`${run.appId} ${run.name}`, run])).values()].toReversed();
}
