import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRedisStore } from '../../../adapters/online-store/open-redis-store.ts';
import { redisServer, redisVersion } from '../../fixtures/redis-server.ts';
import { describeOnlineStore } from './online-store-contract.ts';

const version = redisVersion();

describe.skipIf(version === null)(
  `redis-server ${version ?? 'is not on this machine, so nothing of it was tested'}`,
  () => {
    let server: Awaited<ReturnType<typeof redisServer>> | undefined;
    let number = 0;
    beforeAll(async () => {
      server = await redisServer();
    });
    afterAll(async () => server?.[Symbol.asyncDispose]());

    describeOnlineStore('Redis', async () => {
      number += 1;
      const url = server?.url(number) ?? '';
      const [store, other] = await Promise.all([openRedisStore(url), openRedisStore(url)]);
      return {
        store,
        other,
        async [Symbol.asyncDispose]() {
          await Promise.all([store.close(), other.close()]);
        },
      };
    });

    test('a server that goes away is a fault that says so, and one that comes back is used again', async () => {
      const first = await redisServer();
      const store = await openRedisStore(first.url(0));
      await store.put({ a: '1' });
      await first[Symbol.asyncDispose]();
      await expect(store.get('a')).rejects.toMatchObject({ code: 'store-failed', parts: { where: first.url(0) } });
      await using again = await redisServer(first.port);
      await expect.poll(() => store.get('a').catch(() => 'down'), { timeout: 5000, interval: 50 }).toBeNull();
      expect(again.port).toBe(first.port);
      await store.close();
    });
  },
);

test('no server at the address is a fault without the password', async () => {
  const opening = openRedisStore('redis://maya:secret@127.0.0.1:1/0');
  await expect(opening).rejects.toMatchObject({ code: 'store-failed', parts: { where: 'redis://***@127.0.0.1:1/0' } });
  await expect(opening).rejects.not.toMatchObject({ message: expect.stringContaining('secret') });
});
