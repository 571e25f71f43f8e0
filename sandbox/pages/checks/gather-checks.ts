import { z } from 'zod';
import { type Api, gatherList, gatherMaybe } from '../github/gather.ts';
import { type CheckRun, checkRunShape, statusShape } from '../github/shapes.ts';

/** One line of the checks box. `link` leads to the page that explains it. */
export type CheckRow = {
  name: string;
  by: string | null;
  status: string;
  conclusion: string | null;
  note: string | null;
  link: string | null;
  startedAt: string | null;
  completedAt: string | null;
  required: boolean;
};

const protectionShape = z.object({
  required_status_checks: z
    .object({
      contexts: z.array(z.string()).default([]),
      checks: z.array(z.object({ context: z.string() })).default([]),
    })
    .nullish(),
});

export async function gatherCheckRuns(api: Api, repository: string, sha: string): Promise<CheckRun[]> {
  const envelope = z.object({ check_runs: z.array(checkRunShape) });
  return gatherList(api, `/repos/${repository}/commits/${sha}/check-runs`, envelope, (page) => page.check_runs);
}

/** Names of the checks that a branch demands. */
async function gatherRequired(api: Api, repository: string, branch: string): Promise<string[]> {
  const path = `/repos/${repository}/branches/${encodeURIComponent(branch)}/protection`;
  const required = (await gatherMaybe(api, path, protectionShape))?.required_status_checks;
  return [...new Set([...(required?.checks ?? []).map((check) => check.context), ...(required?.contexts ?? [])])];
}

/** Check runs, commit statuses and required checks nobody has reported yet, the required ones first. */
export async function gatherChecks(api: Api, repository: string, sha: string, branch: string): Promise<CheckRow[]> {
  const statusesShape = z.object({ statuses: z.array(statusShape).default([]) });
  const [runs, combined, required] = await Promise.all([
    gatherCheckRuns(api, repository, sha),
    gatherMaybe(api, `/repos/${repository}/commits/${sha}/status`, statusesShape),
    gatherRequired(api, repository, branch),
  ]);
  const reported = [
    ...runs.map((run) => rowOfRun(run, repository, required)),
    ...(combined?.statuses ?? []).map((status) => rowOfStatus(status, required)),
  ];
  const missing = required.filter((name) => !reported.some((row) => row.name === name));
  return [...reported, ...missing.map(rowOfMissing)].sort((a, b) => Number(b.required) - Number(a.required));
}

function rowOfRun(run: CheckRun, repository: string, required: readonly string[]): CheckRow {
  const isJob = run.app?.slug === 'github-actions';
  return {
    name: run.name,
    by: run.app?.name ?? run.app?.slug ?? null,
    status: run.status,
    conclusion: run.conclusion ?? null,
    note: run.output?.title ?? null,
    link: isJob ? (run.details_url ?? null) : `/${repository}/runs/${run.id}`,
    startedAt: run.started_at ?? null,
    completedAt: run.completed_at ?? null,
    required: required.includes(run.name),
  };
}

function rowOfStatus(status: z.infer<typeof statusShape>, required: readonly string[]): CheckRow {
  const pending = status.state === 'pending';
  return {
    name: status.context,
    by: null,
    status: pending ? 'in_progress' : 'completed',
    conclusion: pending ? null : status.state,
    note: status.description ?? null,
    link: status.target_url ?? null,
    startedAt: null,
    completedAt: null,
    required: required.includes(status.context),
  };
}

function rowOfMissing(name: string): CheckRow {
  const note = 'Waiting for status to be reported';
  const nothing = { by: null, conclusion: null, link: null, startedAt: null, completedAt: null };
  return { ...nothing, name, status: 'expected', note, required: true };
}
