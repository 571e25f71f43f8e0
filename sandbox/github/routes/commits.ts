import { type Commit, readCommit } from '../git/commit-object.ts';
import { diffFiles } from '../git/diff-files.ts';
import { isAncestor, listCommits, mergeBase } from '../git/merge-commits.ts';
import { ApiError, type RouteContext } from '../kernel.ts';
import { paginate } from '../paginate.ts';
import { commitPayload, filePayload } from '../payloads/commit.ts';
import { repositoryPage, repositoryUrl } from '../payloads/issue.ts';
import { pullSimplePayload } from '../payloads/pull.ts';
import { type Platform, requireRepository } from '../platform.ts';
import { found, parameter, query } from '../read-request.ts';
import type { Repository } from '../records.ts';

/** The tree every first commit is compared with. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** History: commits, what they changed, and which pull requests they belong to. */
export function mountCommits(platform: Platform): void {
  const { kernel } = platform;
  const needs = { permission: 'contents', access: 'read' } as const;

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/commits',
    needs,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const start = query(context, 'sha') ?? repository.defaultBranch;
      const tip = await repository.git.commitOid(start);
      if (tip === null) throw new ApiError((await repository.git.info('HEAD')) === null ? 409 : 404, 'Not Found');
      const oids = await listFiltered(context, repository, tip);
      const commits = await Promise.all(paginate(context, oids).map((oid) => readCommit(repository.git, oid)));
      return commits.filter((commit) => commit !== null).map((commit) => commitPayload(platform, repository, commit));
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/commits/:ref',
    needs,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const commit = await requireCommit(repository, parameter(context, 'ref'));
      if (/\bsha\b/.test(context.request.headers.accept ?? '')) {
        context.reply.header('content-type', 'application/vnd.github.sha; charset=utf-8');
        return commit.oid;
      }
      const files = await diffFiles(repository.git, commit.parents[0] ?? EMPTY_TREE, commit.oid, true);
      const additions = files.reduce((total, file) => total + file.additions, 0);
      const deletions = files.reduce((total, file) => total + file.deletions, 0);
      return {
        ...commitPayload(platform, repository, commit),
        stats: { additions, deletions, total: additions + deletions },
        files: files.map((file) => filePayload(platform, repository, commit.oid, file)),
      };
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/commits/:commit_sha/pulls',
    needs: { permission: 'pull_requests', access: 'read' },
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { oid } = await requireCommit(repository, parameter(context, 'commit_sha'));
      const containing = await openPullsContaining(repository, oid);
      const matches = [...repository.issues.values()].flatMap((issue) => {
        const { pull } = issue;
        const own =
          pull?.head.sha === oid || (pull?.merged && pull.mergeCommitSha === oid) || containing.has(issue.number);
        return pull !== null && own ? [{ issue, pull }] : [];
      });
      return paginate(context, matches).map(({ issue, pull }) => pullSimplePayload(platform, repository, issue, pull));
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/compare/:basehead',
    needs,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { git } = repository;
      const [from = '', to = ''] = parameter(context, 'basehead').split('...');
      const base = await requireCommit(repository, from.replace(/^[^:]*:/, ''));
      const head = await requireCommit(repository, to.replace(/^[^:]*:/, ''));
      const fork = await requireCommit(repository, found(await mergeBase(git, base.oid, head.oid)));
      const oids = (await listCommits(git, base.oid, head.oid)).reverse();
      const behind = (await listCommits(git, head.oid, base.oid)).length;
      const commits = await Promise.all(paginate(context, oids).map((oid) => readCommit(git, oid)));
      const files = await diffFiles(git, fork.oid, head.oid, true);
      const api = `${repositoryUrl(platform, repository)}/compare/${from}...${to}`;
      const page = `${repositoryPage(platform, repository)}/compare/${from}...${to}`;
      return {
        url: api,
        html_url: page,
        permalink_url: page,
        diff_url: `${page}.diff`,
        patch_url: `${page}.patch`,
        base_commit: commitPayload(platform, repository, base),
        merge_base_commit: commitPayload(platform, repository, fork),
        status: compareStatus(oids.length, behind),
        ahead_by: oids.length,
        behind_by: behind,
        total_commits: oids.length,
        commits: commits.filter((one) => one !== null).map((one) => commitPayload(platform, repository, one)),
        files: files.map((file) => filePayload(platform, repository, head.oid, file)),
      };
    },
  });
}

/** The commit of a branch, tag or sha; GitHub answers 422 for what names none. */
export async function requireCommit(repository: Repository, revision: string): Promise<Commit> {
  const commit = await readCommit(repository.git, revision);
  if (commit === null) throw new ApiError(422, `No commit found for SHA: ${revision}`);
  return commit;
}

async function listFiltered(context: RouteContext, repository: Repository, tip: string): Promise<string[]> {
  const filters = [
    ['since', '--since='],
    ['until', '--until='],
    ['author', '--author='],
  ].flatMap(([name = '', flag = '']) => {
    const value = query(context, name);
    return value === null ? [] : [`${flag}${value}`];
  });
  const path = query(context, 'path');
  const args = ['rev-list', '--topo-order', ...filters, tip, '--', ...(path === null ? [] : [path])];
  const { stdout } = await repository.git.run(args);
  return stdout.toString().split('\n').filter(Boolean);
}

/** Numbers of open pull requests that bring a commit, which their base does not have yet. */
async function openPullsContaining({ git, issues }: Repository, oid: string): Promise<Set<number>> {
  const open = [...issues.values()].filter(({ state, pull }) => state === 'open' && pull !== null);
  const bases = new Set(open.map(({ pull }) => pull?.base.sha ?? ''));
  const known = await Promise.all([...bases].map(async (base) => ((await isAncestor(git, oid, base)) ? base : null)));
  const { stdout } = await git.run(['for-each-ref', `--contains=${oid}`, '--format=%(refname)', 'refs/pull/*/head']);
  const heads = new Set(stdout.toString().split('\n'));
  const bring = open.filter(
    ({ number, pull }) => heads.has(`refs/pull/${number}/head`) && !known.includes(pull?.base.sha ?? ''),
  );
  return new Set(bring.map(({ number }) => number));
}

function compareStatus(ahead: number, behind: number): string {
  if (ahead > 0 && behind > 0) return 'diverged';
  if (ahead > 0) return 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}
