import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Observation, observationSchema } from '../../pipelines/contracts/observation.ts';
import { type Prediction, predictionSchema } from '../../pipelines/contracts/prediction.ts';
import { createServer, type ServerOptions } from '../../server/create-server.ts';
import { buildLogisticModel } from '../fixtures/onnx-model.ts';

export const token = 'a-control-token-of-thirty-two-chars';
const authorization = `Bearer ${token}`;

/** Score of a row is the logistic of weight * x, and of weight * x + y where the model takes y. */
export const modelOf = (weight: number, inputs: readonly string[] = ['x']) =>
  buildLogisticModel({ inputs, weights: inputs.map((_, index) => (index === 0 ? weight : 1)), bias: 0 });

type Answer = { status: number; body: Record<string, unknown>; headers: Headers };

/** A model server on a free port with its folders in a temporary one. */
export async function openTestServer(options: Partial<ServerOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'pulltrain-server-'));
  const start = async () => {
    const faults: unknown[] = [];
    const server = await createServer(
      {
        name: 'test',
        data: join(folder, 'data'),
        log: join(folder, 'log'),
        token,
        onFault: (fault) => faults.push(fault),
        ...options,
      },
      { now: () => new Date() },
    );
    return { server, faults, url: await server.app.listen({ host: '127.0.0.1', port: 0 }) };
  };
  let running = await start();

  async function call(
    method: string,
    path: string,
    body?: Uint8Array | string | object,
    headers: Record<string, string> = {},
  ) {
    const isRaw = body instanceof Uint8Array || typeof body === 'string' || body === undefined;
    const answer = await fetch(`${running.url}${path}`, {
      method,
      headers: { ...(isRaw ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: isRaw ? Buffer.from(body) : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      body: text.startsWith('{') ? JSON.parse(text) : { text },
      headers: answer.headers,
    } satisfies Answer;
  }
  const control = (method: string, path: string, body?: Uint8Array | string | object, headers = {}) =>
    call(method, `/pulltrain/models/m${path}`, body, { authorization, ...headers });

  return {
    folder,
    call,
    control,
    faults: () => running.faults,
    upload: (version: string, bytes: Uint8Array, sha256 = digestOf(bytes)) =>
      control('PUT', `/versions/${version}`, bytes, {
        'content-type': 'application/octet-stream',
        'x-pulltrain-sha256': sha256,
      }),
    traffic: (body: object) => control('PUT', '/traffic', body),
    infer: (columns: Record<string, readonly unknown[]>, more: object = {}, version?: string) =>
      call('POST', `/v2/models/m${version === undefined ? '' : `/versions/${version}`}/infer`, {
        inputs: Object.entries(columns).map(([name, data]) => ({
          name,
          datatype: typeof data[0] === 'string' ? 'BYTES' : 'FP32',
          shape: [data.length, 1],
          data,
        })),
        ...more,
      }),
    async observe(): Promise<Observation> {
      return observationSchema.parse((await control('GET', '/observation')).body);
    },
    /** Everything in the log, after it was written out. */
    predictions: (): Prediction[] => readLines(join(folder, 'log', 'm')),
    async restart() {
      await running.server.close();
      running = await start();
    },
    async [Symbol.asyncDispose]() {
      await running.server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function readLines(folder: string): Prediction[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => predictionSchema.parse(JSON.parse(line))),
  );
}
