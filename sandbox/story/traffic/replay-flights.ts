import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { readFlights, type Tensor } from './read-flights.ts';

export type ReplayOptions = {
  /** Address of the model server. */
  server: string;
  /** Parquet file with the flights; see `prepareFlights`, columns `traffic`. */
  table: string;
  /** All flights once, as fast as the server answers; otherwise again and again at `requestsPerSecond` until `stop`. */
  once: boolean;
  model?: string;
  columns?: readonly string[];
  /** Flights in one request, and requests under way at a time. */
  batch?: number;
  concurrency?: number;
  /** Only without `once`. */
  requestsPerSecond?: number;
};

/** `failed` counts flights that were sent and not answered with a probability; `rows` is all that were sent. */
export type ReplayCount = { rows: number; answered: number; failed: number };
export type Replay = { done: Promise<ReplayCount>; stop(): Promise<ReplayCount> };

/** What the callers of the example's model know about a flight; the server takes what it needs and logs the rest. */
const callerColumns = [
  'flight_id',
  'date',
  'origin_region',
  'hour',
  'weekday',
  'distance',
  'origin_late_rate_7d',
  'destination_late_rate_7d',
];

/**
 * Sends flights to a model server in the order of their table, as clients would. A refused or broken request is counted and the
 * next one is sent: traffic does not stop because a server does. `done` rejects only when the table cannot be read.
 */
export function replayFlights(options: ReplayOptions): Replay {
  const { server, table, once, model = 'flight-delay', columns = callerColumns } = options;
  const batch = options.batch ?? (once ? 512 : 32);
  const concurrency = options.concurrency ?? 4;
  const pause = once ? 0 : 1000 / (options.requestsPerSecond ?? 800);
  const pool = new Pool(server, { connections: concurrency });
  const count: ReplayCount = { rows: 0, answered: 0, failed: 0 };
  const stopping = new AbortController();
  const done = replay().finally(() => pool.close());
  // Whoever only calls `stop` hears of a failure there.
  done.catch(() => {});

  return {
    done,
    stop() {
      stopping.abort();
      return done;
    },
  };

  async function replay(): Promise<ReplayCount> {
    const underWay = new Set<Promise<void>>();
    let due = performance.now();
    try {
      do {
        for await (const { rows, first, inputs } of readFlights(table, { columns, batch })) {
          if (stopping.signal.aborted) return count;
          count.rows += rows;
          const sent = send(rows, `flight-${first}`, inputs).finally(() => underWay.delete(sent));
          underWay.add(sent);
          if (underWay.size >= concurrency) await Promise.race(underWay);
          // Kept to the schedule, not to the answers: a slow server does not get fewer requests for it, as long as
          // there is a free connection.
          due = Math.max(due + pause, performance.now() - 1000);
          await waitUntil(due);
        }
      } while (!once && !stopping.signal.aborted && count.rows > 0);
      return count;
    } finally {
      await Promise.all(underWay);
    }
  }

  async function send(rows: number, key: string, inputs: Tensor[]): Promise<void> {
    try {
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: `/v2/models/${model}/infer`,
        headers: { 'content-type': 'application/json' },
        // The key of the first flight: the requests of one key stay with one version throughout a rollout.
        body: JSON.stringify({ id: key, parameters: { routing_key: key }, inputs }),
        headersTimeout: 10_000,
        bodyTimeout: 10_000,
      });
      await body.dump();
      count[statusCode === 200 ? 'answered' : 'failed'] += rows;
    } catch {
      count.failed += rows;
    }
  }

  async function waitUntil(time: number): Promise<void> {
    const milliseconds = time - performance.now();
    if (milliseconds > 1) await sleep(milliseconds, undefined, { signal: stopping.signal }).catch(() => {});
  }
}
