import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { replayFlights } from '../../../../sandbox/story/traffic/replay-flights.ts';
import { temporaryDirectory } from '../../../fixtures/git-repository.ts';

const bodySchema = z.object({
  id: z.string(),
  parameters: z.object({ routing_key: z.string() }),
  inputs: z.array(
    z.object({
      name: z.string(),
      shape: z.tuple([z.number(), z.literal(1)]),
      datatype: z.string(),
      data: z.array(z.union([z.string(), z.number(), z.null()])),
    }),
  ),
});
type Body = z.infer<typeof bodySchema>;

let folder: ReturnType<typeof temporaryDirectory>;
let table = '';
beforeEach(async () => {
  folder = temporaryDirectory();
  table = join(folder.path, 'traffic.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (
    SELECT i + 1 AS flight_id, TIMESTAMP '2001-06-01 08:00' + INTERVAL (i // 3) MINUTE AS date, 'AAA' AS origin,
           'west' AS origin_region, 8 AS hour, 5 AS weekday, 100 + i AS distance, 0.25 AS origin_late_rate_7d,
           NULL::DOUBLE AS destination_late_rate_7d
    FROM range(1000) t(i) ORDER BY i DESC) TO '${table}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
});
afterEach(() => folder[Symbol.dispose]());

/** A server that keeps what it is asked and answers as told. */
async function listen(answer: (response: ServerResponse, which: number) => void) {
  const requests: Body[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push(bodySchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
      answer(response, requests.length);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return {
    requests,
    url: `http://127.0.0.1:${address.port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

const column = (body: Body | undefined, name: string) => body?.inputs.find((input) => input.name === name);

it('sends every flight once, in the order of the table, each column under the type it has', async () => {
  const { requests, url, close } = await listen((response) => response.end('{}'));
  const count = await replayFlights({ server: url, table, once: true, batch: 300, concurrency: 1 }).done;
  await close();
  expect(count).toEqual({ rows: 1000, answered: 1000, failed: 0 });
  const ids = requests.flatMap((body) => column(body, 'flight_id')?.data ?? []);
  expect(ids).toEqual(Array.from({ length: 1000 }, (_, index) => 1000 - index));
  const [first] = requests;
  expect(first?.inputs.map(({ name, datatype, shape, data }) => [name, datatype, shape, data[0]])).toEqual([
    ['flight_id', 'INT64', [300, 1], 1000],
    ['date', 'BYTES', [300, 1], '2001-06-01T13:33:00'],
    ['origin_region', 'BYTES', [300, 1], 'west'],
    ['hour', 'FP32', [300, 1], 8],
    ['weekday', 'FP32', [300, 1], 5],
    ['distance', 'FP32', [300, 1], 1099],
    ['origin_late_rate_7d', 'FP32', [300, 1], 0.25],
    ['destination_late_rate_7d', 'FP32', [300, 1], null],
  ]);
  expect(new Set(requests.map(({ parameters }) => parameters.routing_key)).size).toBe(requests.length);
});

it('counts what is refused or cut off and goes on', async () => {
  const { url, close } = await listen((response, which) => {
    if (which === 1) response.writeHead(503).end('{"error":"busy"}');
    else if (which === 2) response.destroy();
    else response.end('{}');
  });
  const count = await replayFlights({ server: url, table, once: true, batch: 100, concurrency: 1 }).done;
  await close();
  expect(count).toEqual({ rows: 1000, answered: 800, failed: 200 });
});

it('has no more requests under way than allowed', async () => {
  let [underWay, most] = [0, 0];
  const { url, close } = await listen((response) => {
    underWay += 1;
    most = Math.max(most, underWay);
    setTimeout(() => {
      underWay -= 1;
      response.end('{}');
    }, 5);
  });
  await replayFlights({ server: url, table, once: true, batch: 50, concurrency: 3 }).done;
  await close();
  expect(most).toBe(3);
});

it('begins again until it is stopped, at the rate asked for, and answers for everything it sent', async () => {
  const { requests, url, close } = await listen((response) => response.end('{}'));
  const started = performance.now();
  const replay = replayFlights({ server: url, table, once: false, batch: 500, requestsPerSecond: 50 });
  while (requests.length < 7) await new Promise((resolve) => setTimeout(resolve, 5));
  const seconds = (performance.now() - started) / 1000;
  const count = await replay.stop();
  await close();
  expect(requests.length).toBeLessThanOrEqual(seconds * 50 + 2);
  expect(count.answered).toBe(count.rows);
  expect(requests[2]?.id).toBe(requests[0]?.id);
  expect(await replay.done).toEqual(count);
});

it('fails when the table cannot be read', async () => {
  const replay = replayFlights({
    server: 'http://127.0.0.1:9',
    table: join(folder.path, 'absent.parquet'),
    once: true,
  });
  await expect(replay.done).rejects.toThrow(/absent\.parquet/);
  await expect(replay.stop()).rejects.toThrow(/absent\.parquet/);
});
