import { delimiter, dirname, join } from 'node:path';
import type { Json } from '../workflows/expressions/json.ts';
import type { Frame, JobRun } from './job-run.ts';

/** What of the `github` context becomes a GITHUB_* variable; the token does not. */
const githubNames = [
  'actor',
  'actor_id',
  'api_url',
  'base_ref',
  'event_name',
  'graphql_url',
  'head_ref',
  'job',
  'ref',
  'ref_name',
  'ref_protected',
  'ref_type',
  'repository',
  'repository_id',
  'repository_owner',
  'repository_owner_id',
  'retention_days',
  'run_attempt',
  'run_id',
  'run_number',
  'server_url',
  'sha',
  'triggering_actor',
  'workflow',
  'workflow_ref',
  'workflow_sha',
];

/** The whole environment of a step's process. Nothing of the runner's own environment but the search path gets in. */
export function stepEnvironment(
  job: JobRun,
  frame: Frame,
  own: Record<string, string>,
  actionId: string,
): Record<string, string> {
  const { folders, facts } = job;
  const github = job.message.contexts.github;
  const variables = Object.fromEntries(
    githubNames.map((name) => [`GITHUB_${name.toUpperCase()}`, asText(github[name])]),
  );
  return {
    HOME: folders.home,
    LANG: 'C.UTF-8',
    CI: 'true',
    ...own,
    ...variables,
    PATH: [...job.path, dirname(process.execPath), own.PATH ?? process.env.PATH ?? '/usr/bin:/bin'].join(delimiter),
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: actionId,
    ...(frame.action === null ? {} : { GITHUB_ACTION_PATH: frame.action.folder }),
    GITHUB_WORKSPACE: folders.workspace,
    GITHUB_EVENT_PATH: join(folders.temp, '_github_workflow', 'event.json'),
    RUNNER_OS: facts.os,
    RUNNER_ARCH: facts.arch,
    RUNNER_NAME: facts.name,
    RUNNER_ENVIRONMENT: facts.environment,
    RUNNER_TEMP: folders.temp,
    RUNNER_TOOL_CACHE: folders.tools,
    RUNNER_WORKSPACE: folders.work,
    // The work folder may lie inside a checkout, which git must not find from here.
    GIT_CEILING_DIRECTORIES: folders.work,
    // Whatever carries it belongs to a job and is ended with it, also by the next start after a crash.
    RUNNER_TRACKING_ID: trackingId(folders.root),
  };
}

/** Marks the processes of jobs that ran in a work folder. */
export function trackingId(work: string): string {
  return `pulltrain:${work}`;
}

function asText(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
