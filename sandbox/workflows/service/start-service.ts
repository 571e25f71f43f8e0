import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ApiError } from '../../github/kernel.ts';
import type { Engine } from '../engine/engine.ts';
import { runnerProtocol } from '../model/wire.ts';
import { artifactPayload } from '../payloads/artifact-payload.ts';
import { openRunnerSession } from './open-runner-session.ts';
import { receiveArtifact } from './receive-artifact.ts';
import { sendArtifact } from './send-artifact.ts';
import { sendLog } from './send-log.ts';

/** The server that runners talk to; GitHub has one beside its API too. */
export type Service = {
  url: string;
  /** What a runner proves itself with. */
  runnerToken: string;
  /** An address for one artifact's or log's bytes, good without further credentials while this process lives. */
  downloadUrl(kind: 'artifacts' | 'logs', id: number): string;
  close(): Promise<void>;
};

/** Starts the service on a free loopback port: runner sessions, artifact uploads and downloads. */
export async function startService(engine: Engine): Promise<Service> {
  // Hexadecimal, because a token that begins with a dash looks like an option on a command line.
  const runnerToken = randomBytes(32).toString('hex');
  const downloadKey = randomBytes(16).toString('base64url');
  const runtimeTokens = new Map<string, number>();
  const server = createServer((request, response) => {
    answer(engine, { runtimeTokens, downloadKey }, request, response).catch((fault: unknown) =>
      refuse(response, fault),
    );
  });
  const sessions = new Set<Duplex>();
  server.on('upgrade', (request, socket) => {
    if (!isSame(bearer(request), runnerToken) || request.headers.upgrade !== runnerProtocol) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
      return;
    }
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${runnerProtocol}\r\n\r\n`);
    sessions.add(socket);
    socket.once('close', () => sessions.delete(socket));
    openRunnerSession(engine, socket, (job) => {
      const token = randomBytes(24).toString('base64url');
      runtimeTokens.set(token, job.id);
      return { url, token };
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return {
    url,
    runnerToken,
    downloadUrl: (kind, id) => `${url}/${kind}/${id}?key=${downloadKey}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        // Upgraded connections are no longer the server's own.
        for (const session of sessions) session.destroy();
      }),
  };
}

async function answer(
  engine: Engine,
  { runtimeTokens, downloadKey }: { runtimeTokens: Map<string, number>; downloadKey: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const [, collection, name] = url.pathname.split('/');
  if (collection !== 'artifacts' && collection !== 'logs') throw new ApiError(404, 'Not Found');
  const jobId = runtimeTokens.get(bearer(request));
  const owner = jobId === undefined ? undefined : engine.jobs.get(jobId);
  const isRunning = owner?.job.status === 'in_progress';
  if (request.method === 'GET' && name === undefined) {
    if (!isRunning) throw new ApiError(403, 'Forbidden');
    const artifacts = owner.run.artifacts.map((artifact) => ({
      ...artifactPayload(engine, owner.run, artifact),
      archive_download_url: engine.downloadUrl('artifacts', artifact.id),
    }));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ artifacts }));
    return;
  }
  if (name === undefined) throw new ApiError(404, 'Not Found');
  if (request.method === 'GET') {
    if (!isSame(url.searchParams.get('key') ?? '', downloadKey)) throw new ApiError(403, 'Forbidden');
    if (collection === 'logs') sendLog(engine, Number(name), response);
    else await sendArtifact(engine, Number(name), response);
    return;
  }
  if (request.method !== 'PUT' || !isRunning) throw new ApiError(403, 'Forbidden');
  const artifact = await receiveArtifact(engine, owner.run, {
    name: decodeURIComponent(name),
    retentionDays: Number(url.searchParams.get('retention-days') ?? '0'),
    archived: url.searchParams.get('archived') !== 'false',
    body: request,
  });
  response.writeHead(201, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ id: artifact.id, size: artifact.size, digest: artifact.digest }));
}

function refuse(response: ServerResponse, fault: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status = fault instanceof ApiError ? fault.status : 500;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ message: fault instanceof Error ? fault.message : String(fault) }));
}

function bearer(request: IncomingMessage): string {
  return /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

function isSame(given: string, wanted: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)];
  return left.length === right.length && timingSafeEqual(left, right);
}
