import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { authenticate, type Caller, permissionsIn } from './authenticate.ts';
import { type MovedRef, recordRefChanges } from './events/record-ref-changes.ts';
import { type RefCommand, readRefCommands, rejectPush } from './git/receive-pack.ts';
import { gitEnvironment } from './git/run-git.ts';
import { ApiError, type Role } from './kernel.ts';
import { allows } from './permissions.ts';
import { type Platform, repositoryKey } from './platform.ts';
import type { Repository } from './records.ts';
import { refuseRefChange } from './refuse-ref-change.ts';

const PATH = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** True when a request is for git itself and not for the API or the pages. */
export function isGitRequest(request: IncomingMessage): boolean {
  return PATH.test(new URL(request.url ?? '/', 'http://localhost').pathname);
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
    if (service === 'git-receive-pack') await receive(platform, repository, caller, held.role, backend, response);
    else relay(startBackend(repository, backend), body(request), response);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401) response.setHeader('www-authenticate', 'Basic realm="GitHub"');
    response.writeHead(error.status, { 'content-type': 'text/plain' }).end(`${error.message}\n`);
  }
}

type BackendRequest = { url: URL; service: string; request: IncomingMessage };

function startBackend(
  repository: Repository,
  { url, service, request }: BackendRequest,
): ChildProcessWithoutNullStreams {
  const gzipped = request.headers['content-encoding'] === 'gzip';
  const length = gzipped ? undefined : request.headers['content-length'];
  return spawn('git', ['http-backend'], {
    env: {
      ...gitEnvironment(),
      GIT_PROJECT_ROOT: repository.git.directory,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: `/${service}`,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      REMOTE_USER: 'authorised',
      REMOTE_ADDR: '127.0.0.1',
      ...(length === undefined ? {} : { CONTENT_LENGTH: length }),
      ...(typeof request.headers['git-protocol'] === 'string' ? { GIT_PROTOCOL: request.headers['git-protocol'] } : {}),
    },
  });
}

function body(request: IncomingMessage): Readable {
  if (request.headers['content-encoding'] !== 'gzip') return request;
  const plain = createGunzip();
  request.on('error', (error) => plain.destroy(error));
  return request.pipe(plain);
}

/** Streams a backend's CGI answer to the client. */
function relay(backend: ChildProcessWithoutNullStreams, input: Readable, response: ServerResponse): void {
  let head: Buffer | null = Buffer.alloc(0);
  backend.stdin.on('error', () => {});
  input.on('error', () => backend.kill());
  input.pipe(backend.stdin);
  backend.stderr.resume();
  backend.stdout.on('data', (chunk: Buffer) => {
    if (head === null) {
      if (!response.write(chunk)) {
        backend.stdout.pause();
        response.once('drain', () => backend.stdout.resume());
      }
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    writeHead(response, head.subarray(0, end).toString());
    response.write(head.subarray(end + 4));
    head = null;
  });
  backend.on('error', () => response.destroy());
  backend.on('close', () => {
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
  response.on('close', () => backend.kill());
}

function writeHead(response: ServerResponse, head: string): void {
  let status = 200;
  for (const line of head.split('\r\n')) {
    const [key = '', value = ''] = [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()];
    if (key.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else response.setHeader(key, value);
  }
  response.writeHead(status);
}

/** A push: its ref commands are judged before any byte of it reaches git, and what moved is told before the answer. */
async function receive(
  platform: Platform,
  repository: Repository,
  caller: Caller,
  role: Role | null,
  backend: BackendRequest,
  response: ServerResponse,
): Promise<void> {
  const input = body(backend.request);
  const { commands, capabilities, buffered, rest } = await readRefCommands(input);
  const { actor } = caller;
  const refusals = new Map<string, string>();
  for (const command of commands) {
    const reason = await refuseRefChange(repository, role, command);
    if (reason !== null) refusals.set(command.ref, reason);
  }
  if (refusals.size > 0) {
    rest.resume();
    response.writeHead(200, { 'content-type': 'application/x-git-receive-pack-result', 'cache-control': 'no-cache' });
    response.end(rejectPush(commands, refusals, capabilities));
    return;
  }
  await repository.git.exclusive(async () => {
    const answer = await collect(startBackend(repository, backend), buffered, rest);
    const moved = await movedRefs(repository, commands);
    if (actor !== null && moved.length > 0) await recordRefChanges(platform, repository, actor, moved);
    const end = answer.indexOf('\r\n\r\n');
    writeHead(response, answer.subarray(0, end).toString());
    response.end(answer.subarray(end + 4));
  });
}

function collect(backend: ChildProcessWithoutNullStreams, buffered: Buffer, rest: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    backend.stdin.on('error', () => {});
    backend.stderr.resume();
    backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    backend.on('error', reject);
    backend.on('close', () => resolve(Buffer.concat(chunks)));
    rest.on('error', () => backend.kill());
    backend.stdin.write(buffered);
    rest.pipe(backend.stdin);
  });
}

async function movedRefs(repository: Repository, commands: readonly RefCommand[]): Promise<MovedRef[]> {
  const moved: MovedRef[] = [];
  for (const { ref, before, after } of commands) {
    const now = await repository.git.info(ref);
    if ((now?.oid ?? null) === after) moved.push({ ref, before, after });
  }
  return moved;
}
