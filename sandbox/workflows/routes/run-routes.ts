import { ApiError, type Route, type RouteContext } from '../../github/kernel.ts';
import { paginate } from '../../github/paginate.ts';
import { query } from '../../github/read-request.ts';
import { cancelRun } from '../engine/cancel-run.ts';
import type { Engine } from '../engine/engine.ts';
import type { RunRecord } from '../model/records.ts';
import { jobPayload } from '../payloads/job-payload.ts';
import { runPayload } from '../payloads/run-payload.ts';
import { findJob, findRun, findWorkflow, runsOf } from './find-records.ts';

const reads = { permission: 'actions', access: 'read' } as const;
const writes = { permission: 'actions', access: 'write' } as const;

/** Runs and their jobs. */
export function runRoutes(engine: Engine): Route[] {
  const list = (context: RouteContext, all: RunRecord[]) => {
    const runs = all.filter((run) => isAsked(context, run));
    return {
      total_count: runs.length,
      workflow_runs: paginate(context, runs).map((run) => runPayload(engine, run)),
    };
  };
  return [
    {
      method: 'GET',
      path: '/repos/:owner/:repo/actions/runs',
      needs: reads,
      handler: async (context) => list(context, runsOf(engine, context)),
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/actions/workflows/:workflow_id/runs',
      needs: reads,
      handler: async (context) => {
        const { id } = findWorkflow(engine, context);
        return list(
          context,
          runsOf(engine, context).filter((run) => run.workflowId === id),
        );
      },
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/actions/runs/:run_id',
      needs: reads,
      handler: async (context) => runPayload(engine, findRun(engine, context)),
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/actions/runs/:run_id/jobs',
      needs: reads,
      handler: async (context) => {
        const run = findRun(engine, context);
        return {
          total_count: run.jobs.length,
          jobs: paginate(context, run.jobs).map((job) => jobPayload(engine, run, job)),
        };
      },
    },
    {
      method: 'POST',
      path: '/repos/:owner/:repo/actions/runs/:run_id/cancel',
      needs: writes,
      handler: async (context) => {
        const run = findRun(engine, context);
        if (run.status === 'completed') throw new ApiError(409, 'Cannot cancel a workflow run that is completed.');
        cancelRun(engine, run, `The run was canceled by @${context.actor?.login ?? 'ghost'}.`);
        context.reply.code(202);
        return {};
      },
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/actions/jobs/:job_id',
      needs: reads,
      handler: async (context) => {
        const { run, job } = findJob(engine, context);
        return jobPayload(engine, run, job);
      },
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/actions/jobs/:job_id/logs',
      needs: reads,
      handler: async (context) => {
        const { job } = findJob(engine, context);
        if (job.status !== 'completed') throw new ApiError(404, 'Not Found');
        context.reply.code(302).header('location', engine.downloadUrl('logs', job.id));
        return undefined;
      },
    },
  ];
}

function isAsked(context: RouteContext, run: RunRecord): boolean {
  const { trigger } = run;
  const status = query(context, 'status');
  const created = query(context, 'created');
  const matches = (name: string, value: string | null) =>
    query(context, name) === null || query(context, name) === value;
  return (
    matches('actor', run.actor.login) &&
    matches('branch', trigger.headBranch) &&
    matches('event', trigger.event) &&
    matches('head_sha', trigger.headSha) &&
    (status === null || status === run.status || status === run.conclusion) &&
    (created === null || isInRange(created, run.createdAt))
  );
}

/** `>=2026-01-01`, `2026-01-01..2026-02-01` and their relatives. */
function isInRange(range: string, at: string): boolean {
  const between = /^(.+)\.\.(.+)$/.exec(range);
  const time = Date.parse(at);
  if (between !== null) {
    const [, from = '', to = ''] = between;
    return (from === '*' || time >= Date.parse(from)) && (to === '*' || time <= endOf(to));
  }
  const [, operator = '', date = ''] = /^(>=|<=|>|<|)(.+)$/.exec(range) ?? [];
  if (operator === '>=') return time >= Date.parse(date);
  if (operator === '<=') return time <= endOf(date);
  if (operator === '>') return time > endOf(date);
  if (operator === '<') return time < Date.parse(date);
  return time >= Date.parse(date) && time <= endOf(date);
}

/** A date without a time means its whole day. */
function endOf(date: string): number {
  return Date.parse(date) + (/^\d{4}-\d\d-\d\d$/.test(date) ? 86_399_999 : 999);
}
