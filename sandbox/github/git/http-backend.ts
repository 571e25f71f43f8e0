import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { gitEnvironment } from './run-git.ts';

/** `service` is the path below the repository, e.g. `info/refs`. */
export type BackendRequest = { url: URL; service: string; request: IncomingMessage };

/** Starts `git http-backend` as a web server would; who may do this has been decided. */
export function startBackend(
  directory: string,
  { url, service, request }: BackendRequest,
): ChildProcessWithoutNullStreams {
  const gzipped = request.headers['content-encoding'] === 'gzip';
  const length = gzipped ? undefined : request.headers['content-length'];
  return spawn('git', ['http-backend'], {
    env: {
      ...gitEnvironment(),
      GIT_PROJECT_ROOT: directory,
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

/** The request's bytes, unpacked. */
export function readBody(request: IncomingMessage): Readable {
  if (request.headers['content-encoding'] !== 'gzip') return request;
  const plain = createGunzip();
  request.on('error', (error) => plain.destroy(error));
  return request.pipe(plain);
}

/** Streams a backend's CGI answer to the client. */
export function relayBackend(backend: ChildProcessWithoutNullStreams, input: Readable, response: ServerResponse): void {
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
    writeCgiHead(response, head.subarray(0, end).toString());
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

/** Writes the status and headers of a CGI answer. */
export function writeCgiHead(response: ServerResponse, head: string): void {
  let status = 200;
  for (const line of head.split('\r\n')) {
    const [key = '', value = ''] = [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()];
    if (key.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else response.setHeader(key, value);
  }
  response.writeHead(status);
}

/** Feeds a backend and keeps its whole CGI answer, which is small for a push. */
export function collectBackend(
  backend: ChildProcessWithoutNullStreams,
  buffered: Buffer,
  rest: Readable,
): Promise<Buffer> {
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
