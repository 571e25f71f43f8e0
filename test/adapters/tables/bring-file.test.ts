import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bringFile, isRemoteFile } from '../../../adapters/tables/bring-file.ts';
import { s3Name, s3Program, startS3Server } from '../../fixtures/s3-server.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pulltrain-test-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function serve<Answer>(listener: RequestListener, work: (address: string) => Promise<Answer>): Promise<Answer> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await work(`http://127.0.0.1:${port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('a file of another machine', () => {
  it('is brought with its name, past a redirection, and its bytes are counted', async () => {
    const heard: [number, number | null][] = [];
    const file = await serve(
      (request, response) => {
        if (request.url?.startsWith('/old') === true) response.writeHead(302, { location: '/data/t.csv' }).end();
        else response.writeHead(200, { 'content-length': 8 }).end('a,b\n1,2\n');
      },
      (address) =>
        bringFile(`${address}/old/t.csv?token=secret`, directory, {}, (bytes, of) => heard.push([bytes, of])),
    );
    expect(file).toBe(join(directory, 't.csv'));
    expect(await readFile(file, 'utf8')).toBe('a,b\n1,2\n');
    expect(heard.at(-1)).toEqual([8, 8]);
  });

  it('goes on where the connection broke', async () => {
    let calls = 0;
    const file = await serve(
      ({ headers }, response) => {
        calls += 1;
        if (calls === 1) {
          response.writeHead(200, { 'content-length': 10, etag: '"v1"' });
          response.write('01234', () => response.destroy());
          return;
        }
        expect(headers).toMatchObject({ range: 'bytes=5-', 'if-match': '"v1"' });
        response.writeHead(206, { 'content-length': 5 }).end('56789');
      },
      (address) => bringFile(`${address}/broken.csv`, directory, {}),
    );
    expect(await readFile(file, 'utf8')).toBe('0123456789');
  });

  it('that is not there is an error without the secrets of its address', async () => {
    const brought = serve(
      (_, response) => response.writeHead(404).end(),
      (address) => bringFile(`${address.replace('//', '//me:secret@')}/t.csv?key=secret`, directory, {}),
    );
    const error = await brought.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'remote-failed', parts: { seen: 'HTTP 404' } });
    expect(String(error)).not.toContain('secret');
  });

  it('is told from one of this machine', () => {
    expect(['https://x/a.csv', 's3://b/a.csv', 'file:///a.csv'].every(isRemoteFile)).toBe(true);
    expect(['a.csv', './https/a.csv', 'c:/a.csv', 'ftp://x/a.csv'].some(isRemoteFile)).toBe(false);
  });

  it.skipIf(s3Program === null)(`comes out of a bucket by whatever name it has there: ${s3Name}`, async () => {
    await using server = await startS3Server();
    server.makeBucket('open-data');
    await writeFile(join(server.directory, 'open-data', 'Flights 2001.csv'), 'a\n1\n');
    const file = await bringFile('s3://open-data/Flights 2001.csv', directory, server.environment);
    expect(await readFile(file, 'utf8')).toBe('a\n1\n');
    await expect(bringFile('s3://open-data/none.csv', directory, server.environment)).rejects.toMatchObject({
      code: 'remote-failed',
    });
  });

  it('in a bucket needs a name', async () => {
    await expect(bringFile('s3://bucket/', directory, {})).rejects.toMatchObject({ code: 'remote-failed' });
  });
});
