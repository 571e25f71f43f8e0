import type { IncomingMessage, ServerResponse } from 'node:http';
import { authenticate, permissionsIn } from './authenticate.ts';
import { readBody, relayBackend, startBackend } from './git/http-backend.ts';
import { ApiError } from './kernel.ts';
import { allows } from './permissions.ts';
import { type Platform, repositoryKey } from './platform.ts';
import { receivePush } from './receive-push.ts';

const PATH = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** True when a request is for git itself and not for the API or the pages. */
export function isGitRequest(request: IncomingMessage): boolean {
  return PATH.test((request.url ?? '').split('?', 1)[0] ?? '');
}

/** Git's smart HTTP through `git http-backend`: authorises, enforces branch protection, and tells what a push moved. */
export async function serveGit(platform: Platform, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [, owner = '', name = '', service = ''] = PATH.exec(url.pathname) ?? [];
  const push = service === 'git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack';
  try {
    const caller = authenticate(platform.state, request.headers.authorization, platform.kernel.now());
    const repository = platform.state.repositories.get(repositoryKey({ owner, name })) ?? null;
    const held = repository === null ? null : permissionsIn(platform.state, caller, repository);
    if (repository === null || held === null || !allows(held.permissions, 'contents', 'read')) {
      throw new ApiError(caller.actor === null ? 401 : 404, 'Repository not found.');
    }
    if (push && !allows(held.permissions, 'contents', 'write')) {
      const who = caller.actor?.login ?? 'anonymous';
      throw new ApiError(caller.actor === null ? 401 : 403, `Permission to ${owner}/${name}.git denied to ${who}.`);
    }
    const backend = { url, service, request };
    if (service === 'git-receive-pack')
      await receivePush(platform, repository, { actor: caller.actor, ...held }, backend, response);
    else relayBackend(startBackend(repository.git.directory, backend), readBody(request), response);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401) response.setHeader('www-authenticate', 'Basic realm="GitHub"');
    response.writeHead(error.status, { 'content-type': 'text/plain' }).end(`${error.message}\n`);
  }
}
