import { randomBytes, randomUUID } from 'node:crypto';
import nock from 'nock';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openReleaseRemote } from '../../../adapters/remotes/open-release-remote.ts';
import { openRemote } from '../../../adapters/remotes/open-remote.ts';
import { breakingProxy, type Rule } from '../../fixtures/breaking-proxy.ts';
import { openPlayground, type Playground } from '../../sandbox/github/open-playground.ts';
import { listAll, readAll, remoteContract } from './remote-contract.ts';

const partBytes = 100_000;

describe('a remote in the releases of a repository', () => {
  let play: Playground;
  beforeAll(async () => {
    play = await openPlayground();
    const clone = await play.clone('maya', 'work');
    await clone.push('main', { 'a.txt': 'a\n' }, 'First');
  });
  afterAll(() => play?.[Symbol.asyncDispose]());

  const environment = (who: keyof Playground['tokens'], url = play.github.url) => ({
    GITHUB_API_URL: `${url}/api/v3`,
    GITHUB_TOKEN: play.tokens[who],
  });
  const open = (prefix: string, who: keyof Playground['tokens'] = 'maya', url = play.github.url) =>
    openReleaseRemote({ owner: 'acme', repo: 'flight-delays', prefix }, environment(who, url), { partBytes });
  const releases = async (prefix: string) => {
    const { data } = await play.as('maya').rest.repos.listReleases({ ...play.at, per_page: 100 });
    return data.filter(({ tag_name }) => tag_name.startsWith(`${prefix}-`));
  };

  describe.each([
    ['that stay open', false],
    ['that freeze when they are published', true],
  ])('%s', (_, freeze) => {
    beforeAll(() => play.github.setImmutableReleases(play.repository, freeze));
    remoteContract(
      async () => {
        const prefix = `data-${randomUUID()}`;
        return { remote: open(prefix), again: () => open(prefix) };
      },
      { large: 250_000 },
    );

    it('is read by who may only read, and written by who may write', async () => {
      const prefix = `data-${randomUUID()}`;
      await open(prefix).write('a/large', randomBytes(250_000));
      const reader = openRemote(`github-release://acme/flight-delays/${prefix}`, environment('ravi'));
      expect(await listAll(reader, '')).toEqual([{ name: 'a/large', size: 250_000 }]);
      await expect(reader.write('a/b', Buffer.from('x'))).rejects.toMatchObject({
        code: 'remote-failed',
        message: expect.stringContaining('contents: write'),
      });
    });

    it('shows no half of an object, and sends only the missing parts when it is pushed again', async () => {
      const prefix = `data-${randomUUID()}`;
      const bytes = randomBytes(450_000);
      await open(prefix).write('a/first', Buffer.from('x'));
      const failsAtFourth: Rule = ({ path }) => (path.includes('.P0004') ? { status: 400 } : undefined);
      await using proxy = await proxied(failsAtFourth);
      await expect(open(prefix, 'maya', proxy.url).write('a/large', bytes)).rejects.toMatchObject({
        code: 'remote-failed',
      });
      expect(await listAll(open(prefix, 'ravi'), '')).toEqual([{ name: 'a/first', size: 1 }]);
      expect(await open(prefix).size('a/large')).toBeNull();

      await using watched = await proxied(() => undefined);
      await open(prefix, 'maya', watched.url).write('a/large', bytes);
      const sent = watched.asked.flatMap((line) => /^POST .*name=a_large\.(P\d+)/.exec(line)?.[1] ?? []);
      expect(sent).toEqual(['P0004', 'P0005']);
      expect((await readAll(open(prefix, 'ravi'), 'a/large')).equals(bytes)).toBe(true);
    });
  });

  /** The sandbox behind a proxy; it names itself in upload addresses, so these are led back through the proxy. */
  async function proxied(rule: Rule) {
    return breakingProxy(play.github.url, rule, { rewrite: true });
  }

  it('puts objects into one release while it takes more, and marks it as no release for visitors', async () => {
    play.github.setImmutableReleases(play.repository, false);
    const prefix = `data-${randomUUID()}`;
    const remote = open(prefix);
    await Promise.all(Array.from({ length: 5 }, (_, index) => remote.write(`a/${index}`, Buffer.from('x'))));
    const made = await releases(prefix);
    expect(made).toHaveLength(1);
    expect(made[0]).toMatchObject({ tag_name: `${prefix}-1`, draft: false, prerelease: true });
    expect(made[0]?.assets).toHaveLength(5);
  });

  it('goes on where a download broke', async () => {
    play.github.setImmutableReleases(play.repository, false);
    const prefix = `data-${randomUUID()}`;
    const bytes = randomBytes(90_000);
    await open(prefix).write('a/b', bytes);
    let cuts = 0;
    await using proxy = await proxied(({ path }) => (path.includes('/assets/') && cuts++ < 2 ? 'cut' : undefined));
    expect((await readAll(open(prefix, 'maya', proxy.url), 'a/b')).equals(bytes)).toBe(true);
    expect(cuts).toBeGreaterThan(2);
  });
});

describe('single calls of the release remote', () => {
  afterEach(() => nock.cleanAll());
  const api = 'https://api.github.com';
  const remote = () => openRemote('github-release://acme/flights', { GH_TOKEN: 'secret-token' });

  it('looks at the releases of its prefix only, by default "data", and leaves strange assets alone', async () => {
    const asset = (name: string, state = 'uploaded') => ({ id: 1, name, size: 3, digest: null, state });
    const release = (tag_name: string, assets: object[]) => ({
      id: 7,
      tag_name,
      name: '',
      draft: false,
      upload_url: `${api}/upload{?name}`,
      assets,
    });
    nock(api, { reqheaders: { authorization: 'token secret-token' } })
      .get('/repos/acme/flights/releases?per_page=100')
      .reply(200, [
        release('data-1', [asset('a_b'), asset('a_late', 'starter'), asset('Strange File'), asset('a_c.PARTS-9-3')]),
        release('v1.0.0', [asset('a_d')]),
      ]);
    expect(await listAll(remote(), '')).toEqual([{ name: 'a/b', size: 3 }]);
  });

  it.each([
    [401, 'still valid'],
    [403, 'contents: read'],
    [404, 'may see the repository'],
  ])('says what to do about %i, without the token', async (status, cure) => {
    nock(api).get('/repos/acme/flights/releases?per_page=100').reply(status, { message: 'no' });
    const fault = await remote()
      .size('a/b')
      .then(
        () => null,
        (thrown: unknown) => thrown,
      );
    expect(fault).toMatchObject({ code: 'remote-failed', message: expect.stringContaining(cure) });
    expect(JSON.stringify(fault)).not.toContain('secret-token');
  });

  it('waits when GitHub asks for patience', async () => {
    nock(api)
      .get('/repos/acme/flights/releases?per_page=100')
      .reply(429, { message: 'slow down' }, { 'retry-after': '0' })
      .get('/repos/acme/flights/releases?per_page=100')
      .reply(502)
      .get('/repos/acme/flights/releases?per_page=100')
      .reply(200, []);
    expect(await remote().size('a/b')).toBeNull();
  });
});
