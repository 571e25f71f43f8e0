import { createClient } from '@redis/client';
import { z } from 'zod';
import { describeError } from '../../pipelines/describe-error.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { OnlineRow, OnlineStore } from '../../pipelines/ports/online-store.ts';
import { readRecord } from './read-record.ts';
import { never, tieOf } from './tie-of.ts';

const prefix = 'pulltrain:features';
/** Rows in one call of the script: long enough to be quick, short enough to let others in between. */
const batch = 500;

/**
 * Redis runs a script as one step, so no other writer comes between the look and the write. Times are compared as numbers:
 * microseconds are exact in a double until the year 2255. Digests are compared as hex digits, alike in every locale.
 */
const newestWins = `
local written = 0
for at, key in ipairs(KEYS) do
  local first = (at - 1) * 4
  local event, created, tie = tonumber(ARGV[first + 1]), tonumber(ARGV[first + 2]), ARGV[first + 3]
  local old = redis.call('HMGET', key, 'e', 'c', 't')
  local oldEvent, oldCreated = tonumber(old[1] or '${never}'), tonumber(old[2] or '${never}')
  if not old[1] or event > oldEvent or (event == oldEvent and (created > oldCreated or (created == oldCreated and tie > old[3]))) then
    redis.call('HSET', key, 'e', ARGV[first + 1], 'c', ARGV[first + 2], 't', tie, 'v', ARGV[first + 4])
    written = written + 1
  end
end
return written
`;

const fieldsSchema = z.tuple([z.string().nullable(), z.string().nullable(), z.string().nullable()]);

/** The online store for users with more than one machine: a Redis server, by `redis://` or `rediss://` URL. */
export async function openRedisStore(url: string): Promise<OnlineStore> {
  const address = withoutSecrets(url);
  const client = createClient({
    url,
    name: 'pulltrain',
    // A lost connection is taken up again; commands meanwhile fail instead of waiting without end.
    disableOfflineQueue: true,
    socket: { connectTimeout: 10_000, reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 2000) },
  });
  let connected = false;
  const failed = (cause: unknown) =>
    new PulltrainError('store-failed', {
      what: `the online store cannot be used: ${describeError(cause)}`,
      where: address,
      ...(connected ? {} : { cure: 'Is a Redis server running there? Check --store or PULLTRAIN_ONLINE_STORE.' }),
      cause,
    });
  // While connecting for the first time an error is final; later the client reconnects by itself.
  const firstFault = new Promise<never>((_, reject) => {
    client.on('error', (cause: unknown) => {
      if (!connected) reject(failed(cause));
    });
  });
  firstFault.catch(() => undefined);
  try {
    await Promise.race([client.connect(), firstFault]);
    connected = true;
  } catch (fault) {
    client.destroy();
    throw fault;
  }

  const guard = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (cause) {
      throw cause instanceof PulltrainError ? cause : failed(cause);
    }
  };
  // The braces keep one space on one node of a cluster, so that a script may write many of its rows at once.
  const keyOf = (space: string, key: string) => `${prefix}:{${space}}:${key}`;
  const documentOf = (name: string) => `${prefix}:document:${name}`;
  const namesKey = `${prefix}:documents`;

  return {
    address,
    async write(space, rows) {
      return guard(async () => {
        let written = 0;
        for (let start = 0; start < rows.length; start += batch) {
          const part = rows.slice(start, start + batch);
          const answer = await client.eval(newestWins, {
            keys: part.map(({ key }) => keyOf(space, key)),
            arguments: part.flatMap(toArguments),
          });
          written += z.number().parse(answer);
        }
        return { written };
      });
    },
    async read(space, keys) {
      return guard(async () => {
        const found = await Promise.all(keys.map((key) => client.hmGet(keyOf(space, key), ['e', 'c', 'v'])));
        return found.map((fields) => {
          const [event, created, values] = fieldsSchema.parse(fields);
          if (event === null || created === null || values === null) return null;
          return readRecord({ event: Number(event), created: Number(created), values }, address);
        });
      });
    },
    async put(documents) {
      await guard(async () => {
        const names = Object.keys(documents);
        if (names.length === 0) return;
        for (const [name, text] of Object.entries(documents)) await client.set(documentOf(name), text);
        await client.sAdd(namesKey, names);
      });
    },
    get: (name) => guard(() => client.get(documentOf(name))),
    async list(begin) {
      const names = await guard(() => client.sMembers(namesKey));
      return names.filter((name) => name.startsWith(begin)).sort();
    },
    async close() {
      await client.close().catch(() => client.destroy());
    },
  };
}

function toArguments({ event, created, values }: OnlineRow): string[] {
  return [String(event), String(created ?? never), tieOf(values), JSON.stringify(values)];
}

function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//***@').replace(/\?.*$/, '');
}
