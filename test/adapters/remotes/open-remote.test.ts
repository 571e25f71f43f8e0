import { createServer } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assetName, emptyName, partName, readAssetName, sealName } from '../../../adapters/remotes/asset-names.ts';
import { inLanes } from '../../../adapters/remotes/in-lanes.ts';
import { openHttpRemote } from '../../../adapters/remotes/open-http-remote.ts';
import { openRemote } from '../../../adapters/remotes/open-remote.ts';
import { clientConfig } from '../../../adapters/remotes/s3-client.ts';
import { breakingProxy } from '../../fixtures/breaking-proxy.ts';
import { readAll } from './remote-contract.ts';

describe('the address of a remote', () => {
  it.each([
    ['/mnt/data', '/mnt/data'],
    ['file:///mnt/with%20space', '/mnt/with space'],
    ['s3://bucket', 's3://bucket'],
    ['s3://my.bucket_1/a/b/', 's3://my.bucket_1/a/b'],
    ['github-release://acme/flights', 'github-release://acme/flights/data'],
    ['github-release://acme/flights/big-files', 'github-release://acme/flights/big-files'],
  ])('%s is known', (url, address) => {
    expect(openRemote(url, {}).address).toBe(address);
  });

  it.each(['', 'relative/path', 's3://', 's3:/bucket', 'gs://bucket', 'github-release://acme', 'https://example.com'])(
    '%j is refused with what there is',
    (url) => {
      expect(() => openRemote(url, {})).toThrow(expect.objectContaining({ code: 'remote-unknown' }));
      expect(() => openRemote(url, {})).toThrow('github-release://owner/repo');
    },
  );

  it('shows no credentials when it is refused', () => {
    expect(() => openRemote('s3://key:secret@host/bucket?sig=abc', {})).toThrow('got s3://***@host/bucket?***');
  });
});

describe('the settings of the S3 client', () => {
  const place = { bucket: 'data', prefix: '' };

  it('come from the environment, and from the place before that', () => {
    const environment = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key', AWS_SESSION_TOKEN: 'session' };
    const credentials = { accessKeyId: 'id', secretAccessKey: 'key', sessionToken: 'session' };
    expect(clientConfig(place, { ...environment, AWS_REGION: 'eu-1' })).toMatchObject({ region: 'eu-1', credentials });
    expect(clientConfig({ ...place, profile: 'work' }, environment)).not.toHaveProperty('credentials');
  });

  it('address buckets of other services by path, in a region that somebody has to name', () => {
    const other = clientConfig(place, { AWS_ENDPOINT_URL: 'http://s', AWS_ENDPOINT_URL_S3: 'http://s3' });
    expect(other).toMatchObject({ endpoint: 'http://s3', forcePathStyle: true, region: 'us-east-1' });
    expect(clientConfig(place, { AWS_ENDPOINT_URL: '' })).not.toHaveProperty('endpoint');
  });
});

describe('the names of assets', () => {
  const segment = fc.stringMatching(/^[a-z0-9._-]{1,12}$/).filter((text) => !/^\.{1,2}$/.test(text));
  const objectName = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

  it('lead back to the object, and are none that GitHub would change', () => {
    fc.assert(
      fc.property(objectName, fc.nat(9_998), fc.nat(), (object, index, size) => {
        const names = [assetName(object), partName(object, index), sealName(object, size, index), emptyName(object)];
        expect(names.map(readAssetName)).toEqual([
          { kind: 'object', object },
          { kind: 'part', object, index },
          { kind: 'seal', object, size, parts: index },
          { kind: 'empty', object },
        ]);
        for (const name of names) expect(name).toMatch(/^(?!\.)(?!.*\.\.)[A-Za-z0-9._-]+(?<!\.)$/);
      }),
    );
  });

  it('that are not ours mean nothing', () => {
    for (const name of ['Model.onnx', 'a-x', 'a b', '', 'a.PARTS-1', 'a_b.Q0001'])
      expect(readAssetName(name)).toBeNull();
  });
});

describe('a web address as remote', () => {
  async function site(files: Record<string, string>) {
    const server = createServer((request, response) => {
      const text = files[request.url ?? ''];
      if (text === undefined) return response.writeHead(404).end('none');
      return response.end(request.method === 'HEAD' ? undefined : text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    return {
      url,
      [Symbol.dispose]() {
        server.closeAllConnections();
        server.close();
      },
    };
  }

  it('is read, also by a range that the server does not know, and over broken connections', async () => {
    using web = await site({ '/base/a/b': '0123456789' });
    await using proxy = await breakingProxy(web.url, ({ count }) =>
      count === 1 ? { status: 503 } : count === 2 ? 'cut' : undefined,
    );
    const remote = openHttpRemote(`${proxy.url}/base/`);
    expect((await readAll(remote, 'a/b')).toString()).toBe('0123456789');
    expect((await readAll(remote, 'a/b', { start: 3, end: 6 })).toString()).toBe('345');
    await expect(readAll(remote, 'a/none')).rejects.toMatchObject({ code: 'object-missing' });
    expect(await remote.size('a/none')).toBeNull();
  });

  it('takes nothing', async () => {
    const refused = { code: 'remote-failed' };
    await expect(openHttpRemote('http://127.0.0.1:9').write('a', Buffer.from('x'))).rejects.toMatchObject(refused);
    await expect(readAll(openHttpRemote('http://127.0.0.1:9'), 'a')).rejects.toMatchObject(refused);
  });
});

describe('work in lanes', () => {
  it('begins nothing after a fault, and waits for what is under way', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const work = inLanes([1, 2, 3, 4, 5, 6], 2, async (item) => {
      begun.push(item);
      await new Promise((resolve) => setTimeout(resolve, item * 10));
      if (item === 1) throw new Error('one');
      ended.push(item);
    });
    await expect(work).rejects.toThrow('one');
    expect([begun, ended]).toEqual([[1, 2], [2]]);
  });
});
