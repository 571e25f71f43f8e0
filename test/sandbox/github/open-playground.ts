import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Octokit } from '@octokit/rest';
import type { PlatformEvent } from '../../../sandbox/github/kernel.ts';
import type { RequestEntry } from '../../../sandbox/github/mount-route.ts';
import { type LocalGitHub, startGitHub } from '../../../sandbox/github/start-github.ts';

type ReceivedHook = { headers: Record<string, unknown>; raw: string; body: Record<string, unknown> };

const run = promisify(execFile);

/** A local GitHub with `acme/flight-delays`, its people (dana admin, maya write, ravi read), an App and its hooks. */
export async function openPlayground() {
  const directory = await mkdtemp(join(tmpdir(), 'pulltrain-github-'));
  const requests: RequestEntry[] = [];
  const events: PlatformEvent[] = [];
  const hooks: ReceivedHook[] = [];
  const github = await startGitHub({ directory, checkOpenApi: true, requestLog: (entry) => requests.push(entry) });
  github.on((event) => events.push(event));
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString();
      hooks.push({ headers: request.headers, raw, body: JSON.parse(raw) });
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const address = receiver.address();
  const hookPort = typeof address === 'object' && address !== null ? address.port : 0;

  const tokens = {
    dana: github.addUser({ login: 'dana', name: 'Dana' }).token,
    maya: github.addUser({ login: 'maya', name: 'Maya' }).token,
    ravi: github.addUser({ login: 'ravi', name: 'Ravi' }).token,
  };
  github.addOrganization('acme', ['dana']);
  const app = github.addApp({
    slug: 'pulltrain',
    name: 'Pulltrain',
    webhookUrl: `http://127.0.0.1:${hookPort}/hook`,
    webhookSecret: 'a secret of the test, long enough',
    permissions: { checks: 'write', pull_requests: 'write', issues: 'write', contents: 'write' },
    events: ['push', 'pull_request', 'issues', 'issue_comment', 'check_run', 'release', 'deployment_status'],
  });
  const dana = client(github, tokens.dana);
  const repository = { owner: 'acme', name: 'flight-delays' };
  await dana.rest.repos.createInOrg({ org: 'acme', name: repository.name });
  github.addCollaborator(repository, 'maya', 'write');
  github.addCollaborator(repository, 'ravi', 'read');
  const { installationId } = github.installApp(app.appId, repository);

  return {
    github,
    repository,
    at: { owner: 'acme', repo: 'flight-delays' },
    directory,
    tokens,
    app: { ...app, installationId },
    requests,
    events,
    hooks,
    as: (who: keyof typeof tokens) => client(github, tokens[who]),
    withToken: (token: string) => client(github, token),
    /** A clone with a work tree and an identity; the functions run git in it. */
    clone: (who: keyof typeof tokens, folder: string) => cloneAs(github, directory, who, tokens[who], folder),
    async [Symbol.asyncDispose]() {
      receiver.close();
      receiver.closeAllConnections();
      try {
        await github.close();
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
  };
}

export type Playground = Awaited<ReturnType<typeof openPlayground>>;

function client(github: LocalGitHub, auth: string): Octokit {
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  return new Octokit({ auth, baseUrl: `${github.url}/api/v3`, log: quiet });
}

async function cloneAs(github: LocalGitHub, directory: string, login: string, token: string, folder: string) {
  const path = join(directory, folder);
  const url = `${github.url.replace('//', `//x-access-token:${token}@`)}/acme/flight-delays.git`;
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: login,
    GIT_AUTHOR_EMAIL: `${login}@users.noreply.github.com`,
    GIT_COMMITTER_NAME: login,
    GIT_COMMITTER_EMAIL: `${login}@users.noreply.github.com`,
  };
  await run('git', ['clone', '--quiet', url, path], { env });
  const git = async (...args: string[]): Promise<string> => {
    const { stdout } = await run('git', args, { cwd: path, env });
    return stdout.trim();
  };
  return {
    path,
    git,
    /** Commits files on a branch (made from where HEAD is when new), pushes it and returns the commit. */
    async push(branch: string, files: Record<string, string>, message: string): Promise<string> {
      await git('checkout', '--quiet', '-B', branch);
      for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
      await git('add', '--all');
      await git('commit', '--quiet', '--allow-empty', '--message', message);
      await git('push', '--quiet', '--force', 'origin', branch);
      return git('rev-parse', 'HEAD');
    },
  };
}
