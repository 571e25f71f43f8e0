import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRemote } from '../../../adapters/remotes/open-remote.ts';
import { breakingProxy, type Rule } from '../../fixtures/breaking-proxy.ts';
import { temporaryDirectory } from '../../fixtures/git-repository.ts';
import { type S3Server, s3Name, s3Program, startS3Server } from '../../fixtures/s3-server.ts';
import { listAll, readAll, remoteContract } from './remote-contract.ts';

describe.skipIf(s3Program === null)(`a remote in a bucket, with ${s3Name}`, () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3Server();
    server.makeBucket('data');
  });
  afterAll(() => server?.[Symbol.asyncDispose]());
  const openNew = (environment = server.environment) => openRemote(`s3://data/${randomUUID()}`, environment);
  /** A fresh place in the bucket behind a proxy that breaks what the rule says. */
  async function broken(rule: Rule) {
    const proxy = await breakingProxy(server.endpoint, rule);
    const url = `s3://data/${randomUUID()}`;
    const remote = openRemote(url, { ...server.environment, AWS_ENDPOINT_URL: proxy.url });
    return {
      proxy,
      remote,
      direct: openRemote(url, server.environment),
      [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
    };
  }

  remoteContract(
    async () => {
      const url = `s3://data/${randomUUID()}`;
      return { remote: openRemote(url, server.environment), again: () => openRemote(url, server.environment) };
    },
    { large: 20_000_000 },
  );

  it('lists more objects than one page has', async () => {
    const url = `s3://data/${randomUUID()}`;
    const remote = openRemote(url, server.environment);
    await remote.write('a/first', Buffer.from('1'));
    const folder = join(server.directory, 'data', new URL(url).pathname, 'a');
    for (let index = 0; index < 1_100; index += 1) writeFileSync(join(folder, `n${index}`), '12');
    const objects = await listAll(remote, 'a/');
    expect(objects).toHaveLength(1_101);
    expect(objects.at(-1)).toEqual({ name: 'a/n999', size: 2 });
  });

  it('goes on where a connection broke, also in the middle of a range', async () => {
    await using place = await broken(({ method, count }) => (method === 'GET' && count <= 4 ? 'cut' : undefined));
    const bytes = randomBytes(500_000);
    await place.direct.write('a/b', bytes);
    expect((await readAll(place.remote, 'a/b')).equals(bytes)).toBe(true);
    expect(place.proxy.asked.length).toBeGreaterThan(2);
  });

  it('does not take a short answer for a whole one', async () => {
    await using place = await broken(({ count }) => (count === 1 ? 'announce-more' : undefined));
    await place.direct.write('a/b', Buffer.from('0123456789'));
    expect((await readAll(place.remote, 'a/b', { start: 2, end: 8 })).toString()).toBe('234567');
    await using hopeless = await broken(() => 'cut');
    await hopeless.direct.write('a/b', Buffer.from('0'));
    await expect(readAll(hopeless.remote, 'a/b')).rejects.toMatchObject({ code: 'remote-failed' });
  });

  it('asks again after server errors and lost connections', async () => {
    await using place = await broken(({ count }) => (count === 1 ? { status: 500 } : count === 2 ? 'drop' : undefined));
    await place.remote.write('a/b', Buffer.from('hello'));
    expect((await readAll(place.direct, 'a/b')).toString()).toBe('hello');
  });

  it('fails on the 37th object and keeps the others', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `a/${index}`);
    await using place = await broken(({ path }) => (/\/a\/37(\?|$)/.test(path) ? { status: 403 } : undefined));
    const results = await Promise.allSettled(names.map((name) => place.remote.write(name, Buffer.from(name))));
    expect(results.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([37]);
    expect(results[37]).toMatchObject({ reason: { code: 'remote-failed', message: expect.stringContaining('a/37') } });
    expect(await listAll(place.direct, 'a/')).toHaveLength(49);
    await place.direct.write('a/37', Buffer.from('a/37'));
    expect(await listAll(place.direct, 'a/')).toHaveLength(50);
  });

  it('shows no half of a large object, and sends only what was missing when it is pushed again', async () => {
    using folder = temporaryDirectory();
    const file = join(folder.path, 'large');
    const bytes = randomBytes(40_000_000);
    writeFileSync(file, bytes);
    const source = { file, size: bytes.length };
    const isThird = (path: string) => path.includes('partNumber=3');
    await using place = await broken(({ method, path }) =>
      method === 'PUT' && isThird(path) ? { status: 400 } : undefined,
    );
    await expect(place.remote.write('a/large', source)).rejects.toMatchObject({ code: 'remote-failed' });
    expect(await place.direct.size('a/large')).toBeNull();
    expect(await listAll(place.direct, '')).toEqual([]);

    const prefix = new URL(place.direct.address).pathname;
    await using watched = await breakingProxy(server.endpoint, () => undefined);
    await openRemote(`s3://data${prefix}`, { ...server.environment, AWS_ENDPOINT_URL: watched.url }).write(
      'a/large',
      source,
    );
    const sent = watched.asked.filter((line) => line.startsWith('PUT') && line.includes('partNumber'));
    expect(sent.filter((line) => !isThird(line))).toEqual([]);
    expect((await readAll(place.direct, 'a/large')).equals(bytes)).toBe(true);
  });

  it('gives up an upload whose file has changed', async () => {
    using folder = temporaryDirectory();
    const file = join(folder.path, 'large');
    writeFileSync(file, Buffer.alloc(17_000_000));
    const remote = openNew();
    await expect(remote.write('a/b', { file, size: 20_000_000 })).rejects.toMatchObject({ code: 'remote-failed' });
    expect(await listAll(remote, '')).toEqual([]);
    const multipart = join(server.directory, 'data/.sgwtmp/multipart');
    const left = existsSync(multipart) ? readdirSync(multipart, { recursive: true, withFileTypes: true }) : [];
    expect(left.filter((entry) => entry.isFile())).toEqual([]);
  });

  it.each([
    ['a missing bucket', 's3://nowhere/x', {}, 'Create the bucket'],
    ['a wrong key', 's3://data/x', { AWS_SECRET_ACCESS_KEY: 'wrong-secret' }, 'secret key does not belong'],
    ['an unknown key', 's3://data/x', { AWS_ACCESS_KEY_ID: 'who' }, 'AWS_ACCESS_KEY_ID'],
    ['a server that is not there', 's3://data/x', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, 'AWS_ENDPOINT_URL'],
  ])('says what to do about %s, without its secrets', async (_, url, change, cure) => {
    const fault = await openRemote(url, { ...server.environment, ...change })
      .write('a/b', Buffer.from('x'))
      .then(
        () => null,
        (thrown: unknown) => thrown,
      );
    expect(fault).toMatchObject({ code: 'remote-failed', message: expect.stringContaining(cure) });
    expect(JSON.stringify([fault, String(fault)])).not.toMatch(/secret-?access|test-secret|wrong-secret|Signature=/i);
  });
});
