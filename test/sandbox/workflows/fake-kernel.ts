import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fastify from 'fastify';
import {
  type Actor,
  ApiError,
  type Kernel,
  type Permissions,
  type PlatformEvent,
} from '../../../sandbox/github/kernel.ts';

export const repository = { owner: 'acme', name: 'flight-delays' };
export const maya: Actor = { kind: 'user', login: 'maya', id: 2 };

export type FakeKernel = Kernel & {
  folder: string;
  events: PlatformEvent[];
  checks: Map<number, { name: string; headSha: string; status: string; conclusion: string | null }>;
  tokens: Map<string, Permissions>;
  environments: Map<string, string[] | null>;
  secretValues: Record<string, Record<string, string>>;
  variableValues: Record<string, string>;
  pulls: Record<string, unknown>[];
  /** Commits files to a branch of the bare repository and returns the commit. */
  commit(branch: string, files: Record<string, string>, from?: string): string;
  git(...args: string[]): string;
  listen(): Promise<void>;
  close(): Promise<void>;
};

/** A local GitHub of one repository, with real git and real HTTP but nobody to ask for permission. */
export async function createFakeKernel(): Promise<FakeKernel> {
  const folder = mkdtempSync(join(tmpdir(), 'pulltrain-workflows-'));
  const directory = join(folder, 'repository.git');
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', env: { ...process.env, ...gitIdentity } }).trim();
  git('init', '--quiet', '--bare', '--initial-branch=main', directory);
  const server = fastify();
  const listeners: ((event: PlatformEvent) => void)[] = [];
  let id = 1_000;
  const nextId = () => {
    id += 1;
    return id;
  };
  const kernel: FakeKernel = {
    url: '',
    server,
    folder,
    events: [],
    checks: new Map(),
    tokens: new Map(),
    environments: new Map(),
    secretValues: {},
    variableValues: {},
    pulls: [],
    now: () => new Date(),
    nextId,
    on: (listener) => {
      listeners.push(listener);
    },
    emit(event) {
      kernel.events.push(event);
      for (const listener of listeners) listener(event);
    },
    route({ method, path, handler }) {
      for (const prefix of ['', '/api/v3'])
        server.route({
          method,
          url: `${prefix}${path}`,
          handler: async (request, reply) => {
            try {
              const body = await handler({ actor: maya, repository, permissions: {}, role: 'admin', request, reply });
              if (body === undefined && reply.statusCode === 200) reply.code(204);
              return reply.send(body);
            } catch (error) {
              if (!(error instanceof ApiError)) throw error;
              return reply.code(error.status).send({ message: error.message, errors: error.errors });
            }
          },
        });
    },
    gitDirectory: () => directory,
    defaultBranch: () => 'main',
    repositoryPayload: () => ({
      id: 77,
      name: repository.name,
      full_name: 'acme/flight-delays',
      owner: { login: 'acme', id: 1 },
    }),
    actorPayload: ({ login, id: actorId }) => ({ login, id: actorId }),
    pullsForCommit: (_repository, sha) => kernel.pulls.filter((pull) => JSON.stringify(pull).includes(sha)),
    issueJobToken(_repository, { jobId }, permissions) {
      const token = `ghs_job${jobId}`;
      kernel.tokens.set(token, permissions);
      return token;
    },
    revokeToken: (token) => {
      kernel.tokens.delete(token);
    },
    upsertJobCheck(_repository, { id: known, name, headSha, status, conclusion }) {
      const checkId = known ?? nextId();
      kernel.checks.set(checkId, { name, headSha, status, conclusion });
      return checkId;
    },
    environment: (_repository, name) => {
      const branches = kernel.environments.get(name);
      return branches === undefined ? null : { name, branches };
    },
    secrets: (_repository, environment) => ({
      ...kernel.secretValues.repository,
      ...(environment === null ? {} : kernel.secretValues[environment]),
    }),
    variables: () => kernel.variableValues,
    git,
    commit(branch, files, from = branch) {
      const work = mkdtempSync(join(folder, 'work-'));
      const inWork = (...args: string[]) => git('-C', work, ...args);
      inWork('init', '--quiet', '--initial-branch=main');
      if (git('--git-dir', directory, 'for-each-ref', `refs/heads/${from}`) !== '')
        inWork('pull', '--quiet', directory, from);
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(work, path)), { recursive: true });
        writeFileSync(join(work, path), content);
      }
      inWork('add', '--all');
      inWork('commit', '--quiet', '--allow-empty', '-m', `Change ${Object.keys(files).join(', ')}`);
      inWork('push', '--quiet', '--force', directory, `HEAD:refs/heads/${branch}`);
      return inWork('rev-parse', 'HEAD');
    },
    async listen() {
      kernel.url = await server.listen({ host: '127.0.0.1', port: 0 });
    },
    async close() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  // Checkouts fetch over git's own HTTP backend, as from the real server.
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  return kernel;
}

const gitIdentity = {
  GIT_AUTHOR_NAME: 'Maya',
  GIT_AUTHOR_EMAIL: 'maya@acme.test',
  GIT_COMMITTER_NAME: 'Maya',
  GIT_COMMITTER_EMAIL: 'maya@acme.test',
};

export function pushEvent(sha: string, branch = 'main', before = '0'.repeat(40)): PlatformEvent {
  return {
    name: 'push',
    action: null,
    repository,
    actor: maya,
    payload: { ref: `refs/heads/${branch}`, before, after: sha, head_commit: { message: 'Change' } },
  };
}
