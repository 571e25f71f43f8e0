import type { Commit } from '../git/commit-object.ts';
import type { Platform } from '../platform.ts';
import type { CheckRun, CheckSuite, Repository } from '../records.ts';
import { nodeId } from './account.ts';
import { appPayload } from './app.ts';
import { repositoryPage, repositoryUrl } from './issue.ts';

export function checkRunPayload(platform: Platform, repository: Repository, run: CheckRun): Record<string, unknown> {
  const api = `${repositoryUrl(platform, repository)}/check-runs/${run.id}`;
  const page = `${repositoryPage(platform, repository)}/runs/${run.id}`;
  const app = platform.state.apps.get(run.appId);
  return {
    id: run.id,
    node_id: nodeId('CheckRun', run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url: api,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      ...run.output,
      annotations_count: run.annotations.length,
      annotations_url: `${api}/annotations`,
    },
    name: run.name,
    check_suite: { id: run.suiteId },
    app: app === undefined ? null : appPayload(platform, app),
    pull_requests: pullsOf(platform, repository, run.headSha),
  };
}

export function checkSuitePayload(
  platform: Platform,
  repository: Repository,
  suite: CheckSuite,
  commit: Commit,
): Record<string, unknown> {
  const runs = [...repository.checkRuns.values()].filter(({ suiteId }) => suiteId === suite.id);
  const completed = runs.every(({ status }) => status === 'completed');
  const worst = runs.find(({ conclusion }) => conclusion !== 'success')?.conclusion ?? 'success';
  const api = `${repositoryUrl(platform, repository)}/check-suites/${suite.id}`;
  const app = platform.state.apps.get(suite.appId);
  const branch = [...repository.issues.values()].find(({ pull }) => pull?.head.sha === suite.headSha)?.pull?.head.ref;
  return {
    id: suite.id,
    node_id: nodeId('CheckSuite', suite.id),
    head_branch: branch ?? null,
    head_sha: suite.headSha,
    head_commit: {
      id: commit.oid,
      tree_id: commit.tree,
      message: commit.message,
      timestamp: commit.committer.date,
      author: { name: commit.author.name, email: commit.author.email },
      committer: { name: commit.committer.name, email: commit.committer.email },
    },
    status: completed ? 'completed' : 'in_progress',
    conclusion: completed ? worst : null,
    url: api,
    before: null,
    after: null,
    pull_requests: pullsOf(platform, repository, suite.headSha),
    app: app === undefined ? null : appPayload(platform, app),
    repository: platform.kernel.repositoryPayload(repository),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
    latest_check_runs_count: runs.length,
    check_runs_url: `${api}/check-runs`,
  };
}

/** Open pull requests whose head a commit is, in the short form that checks and workflow runs carry. */
function pullsOf(platform: Platform, repository: Repository, sha: string): Record<string, unknown>[] {
  const api = repositoryUrl(platform, repository);
  const repo = { id: repository.id, url: api, name: repository.name };
  return [...repository.issues.values()].flatMap(({ pull, number, state }) =>
    pull === null || state !== 'open' || pull.head.sha !== sha
      ? []
      : [
          {
            id: pull.id,
            number,
            url: `${api}/pulls/${number}`,
            head: { ...pull.head, repo },
            base: { ...pull.base, repo },
          },
        ],
  );
}
