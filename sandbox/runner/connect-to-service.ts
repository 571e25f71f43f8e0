import { request } from 'node:http';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { PulltrainError } from '../../pipelines/errors.ts';
import { type FromRunner, runnerProtocol, type ToRunner, toRunnerSchema } from '../workflows/model/wire.ts';

export type ServiceConnection = {
  send(message: FromRunner): void;
  /** Resolves when everything sent so far has left this process. */
  flushed(): Promise<void>;
  /** Resolves when the connection has ended, from whichever side. */
  closed: Promise<void>;
  close(): void;
};

/** Opens a runner's session. Throws `runner-refused` when the service does not take it. */
export async function connectToService(
  { url, token }: { url: string; token: string },
  onMessage: (message: ToRunner) => void,
): Promise<ServiceConnection> {
  const socket = await upgrade(url, token);
  const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on('line', (line) => onMessage(toRunnerSchema.parse(JSON.parse(line))));
  socket.on('error', () => socket.destroy());
  return {
    send: (message) => {
      if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
    },
    flushed: () => new Promise((resolve) => (socket.writable ? socket.write('', () => resolve()) : resolve())),
    closed: new Promise((resolve) => socket.once('close', () => resolve())),
    close: () => socket.end(),
  };
}

function upgrade(url: string, token: string): Promise<Duplex> {
  const refused = (seen: string, cause?: unknown) =>
    new PulltrainError('runner-refused', {
      what: 'the workflow service does not take this runner',
      where: url,
      seen,
      cure: 'Start it with the URL and token that the running service gave.',
      cause,
    });
  return new Promise((resolve, reject) => {
    const opening = request(url, {
      headers: { connection: 'Upgrade', upgrade: runnerProtocol, authorization: `Bearer ${token}` },
    });
    opening.once('upgrade', (_response, socket) => resolve(socket));
    opening.once('response', (response) => {
      response.resume();
      reject(refused(`HTTP ${response.statusCode}`));
    });
    opening.once('error', (cause) => reject(refused(cause.message, cause)));
    opening.end();
  });
}
