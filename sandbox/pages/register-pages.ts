import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { WatchJob } from './actions/gather-log.ts';
import { readArtifact } from './actions/read-artifact.ts';
import { showJob } from './actions/show-job.ts';
import { showRun } from './actions/show-run.ts';
import { showRuns } from './actions/show-runs.ts';
import { showDeployments } from './deployments/show-deployments.ts';
import { type StoryChapter, showFront } from './front/show-front.ts';
import { showOwner } from './front/show-owner.ts';
import type { Api } from './github/gather.ts';
import { PageError } from './github/page-error.ts';
import { showIssue } from './issues/show-issue.ts';
import { showIssues } from './issues/show-issues.ts';
import type { Page } from './layout/page.ts';
import { showConversation } from './pull/show-conversation.ts';
import { showPullChecks } from './pull/show-pull-checks.ts';
import { showPullCommits } from './pull/show-pull-commits.ts';
import { showPullFiles } from './pull/show-pull-files.ts';
import { showPulls } from './pull/show-pulls.ts';
import { showRelease, showReleases } from './releases/show-releases.ts';
import { readBlob } from './repository/read-blob.ts';
import { showBlob } from './repository/show-blob.ts';
import { showCheckRun } from './repository/show-check-run.ts';
import { showCommit } from './repository/show-commit.ts';
import { showCommits } from './repository/show-commits.ts';
import { showRepository } from './repository/show-repository.ts';
import { sendError } from './serve/send-error.ts';
import { sendFile } from './serve/send-file.ts';
import { sendPage } from './serve/send-page.ts';
import { serveAssets } from './serve/serve-assets.ts';

export type PagesOptions = {
  /** GET on the local REST with a token that may read everything. */
  api: Api;
  now(): Date;
  /** The story for the front page, in order; none when absent. */
  story?: () => readonly StoryChapter[];
  /** Logins of the people, organisations and Apps on the front page; REST has no list of them. */
  accounts?: () => readonly string[];
  /** The job as the workflow engine knows it; without it pages show logs of finished jobs only, and no summaries. */
  watchJob?: WatchJob;
};

type Visit = {
  owner: string;
  repo: string;
  rest: string;
  id: string;
  job: string;
  query: Record<string, string | undefined>;
};

const parametersShape = z.record(z.string(), z.string());
const queryShape = z.record(z.string(), z.union([z.string(), z.array(z.string()).transform((values) => values[0])]));
/** First parts of REST addresses; as owners of pages they would hide the API's own 404. */
const reserved = new Set([
  '-',
  'api',
  'app',
  'apps',
  'installation',
  'meta',
  'orgs',
  'rate_limit',
  'repos',
  'search',
  'user',
  'users',
]);

/** Puts the pages on the server that also answers REST and git. They hold no state: every look asks the API again. */
export function registerPages(server: FastifyInstance, { api, now, story, accounts, watchJob }: PagesOptions): void {
  const watch: WatchJob = (id) => watchJob?.(id) ?? null;
  const at = (path: string, show: (visit: Visit) => Promise<Page | { redirect: string }>) =>
    server.get(path, async (request, reply) => {
      const visit = readVisit(request);
      if (reserved.has(visit.owner)) return reply.callNotFound();
      return respond(reply, () => show(visit));
    });

  serveAssets(server);
  at('/', () => showFront(api, { accounts: accounts?.() ?? [], story: story?.() ?? [] }, now()));
  at('/:owner', ({ owner }) => showOwner(api, owner, now()));
  at('/:owner/:repo', async (visit) =>
    visit.repo.endsWith('.git')
      ? { redirect: `/${visit.owner}/${visit.repo.slice(0, -4)}` }
      : showRepository(api, visit, now()),
  );
  at('/:owner/:repo/tree/*', (visit) => showRepository(api, visit, now()));
  at('/:owner/:repo/blob/*', (visit) => showBlob(api, visit));
  at('/:owner/:repo/commits', (visit) => showCommits(api, visit, now()));
  at('/:owner/:repo/commits/*', (visit) => showCommits(api, visit, now()));
  at('/:owner/:repo/commit/:id', ({ id, ...visit }) => showCommit(api, { ...visit, sha: id }, now()));
  at('/:owner/:repo/runs/:id', (visit) => showCheckRun(api, visit, now()));
  at('/:owner/:repo/pulls', (visit) => showPulls(api, { ...visit, state: visit.query.state }, now()));
  at('/:owner/:repo/pull/:id', ({ id, ...visit }) => showConversation(api, { ...visit, number: id }, now()));
  at('/:owner/:repo/pull/:id/commits', ({ id, ...visit }) => showPullCommits(api, { ...visit, number: id }, now()));
  at('/:owner/:repo/pull/:id/files', ({ id, ...visit }) => showPullFiles(api, { ...visit, number: id }, now()));
  at('/:owner/:repo/pull/:id/checks', ({ id, ...visit }) =>
    showPullChecks(api, { ...visit, number: id, chosen: visit.query.check_run_id }, now()),
  );
  at('/:owner/:repo/issues', (visit) => showIssues(api, { ...visit, state: visit.query.state }, now()));
  at('/:owner/:repo/issues/:id', async ({ owner, repo, id }) => {
    const page = await showIssue(api, { owner, repo, number: id }, now());
    return page ?? { redirect: `/${owner}/${repo}/pull/${id}` };
  });
  at('/:owner/:repo/actions', (visit) => showRuns(api, { ...visit, workflow: visit.query.workflow }, now()));
  at('/:owner/:repo/actions/runs/:id', (visit) => showRun(api, watch, visit, now()));
  at('/:owner/:repo/actions/runs/:id/job/:job', (visit) => showJob(api, watch, visit, now()));
  at('/:owner/:repo/releases', (visit) => showReleases(api, visit, now()));
  at('/:owner/:repo/releases/tag/*', (visit) => showRelease(api, { ...visit, tag: visit.rest }, now()));
  at('/:owner/:repo/deployments', (visit) => showDeployments(api, visit, now()));
  at('/:owner/:repo/*', ({ rest }) => Promise.reject(new PageError(404, `There is no page ${rest} in a repository`)));
  server.get('/:owner/:repo/actions/runs/:id/artifacts/:job', async (request, reply) => {
    const visit = readVisit(request);
    if (reserved.has(visit.owner)) return reply.callNotFound();
    try {
      const { name, text } = await readArtifact(api, visit);
      return sendFile(reply, name, Buffer.from(text), { asPage: true });
    } catch (error) {
      return sendError(reply, error);
    }
  });
  server.get('/:owner/:repo/raw/*', async (request, reply) => {
    const visit = readVisit(request);
    if (reserved.has(visit.owner)) return reply.callNotFound();
    try {
      return sendFile(reply, visit.rest, await readBlob(api, visit));
    } catch (error) {
      return sendError(reply, error);
    }
  });
}

async function respond(reply: FastifyReply, show: () => Promise<Page | { redirect: string }>): Promise<FastifyReply> {
  try {
    const shown = await show();
    return 'redirect' in shown ? reply.redirect(shown.redirect) : sendPage(reply, 200, shown);
  } catch (error) {
    return sendError(reply, error);
  }
}

function readVisit(request: FastifyRequest): Visit {
  const { owner = '', repo = '', id = '', job = '', '*': rest = '' } = parametersShape.parse(request.params);
  return { owner, repo, id, job, rest, query: queryShape.safeParse(request.query).data ?? {} };
}
