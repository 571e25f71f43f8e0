import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createServer } from '../../server/create-server.ts';
import { modelOf, openTestServer, token } from './open-test-server.ts';

test('a version that cannot be loaded leaves everything as it was', async () => {
  await using server = await openTestServer();
  await server.upload('1.0.0', modelOf(1));
  await server.traffic({ stable: '1.0.0' });
  const bytes = modelOf(2);
  const cut = bytes.subarray(0, bytes.length - 20);
  expect((await server.upload('1.1.0', cut)).status).toBe(422);
  expect((await server.upload('1.1.0', Buffer.from('not a model'))).status).toBe(422);
  expect(await server.upload('1.1.0', bytes, 'f'.repeat(64))).toMatchObject({
    status: 422,
    body: { error: expect.stringMatching(/not the announced ones/) },
  });
  const { body } = await server.control('GET', '/traffic');
  expect(body).toMatchObject({
    traffic: { stable: '1.0.0' },
    stored: [{ version: '1.0.0' }],
    loaded: [{ version: '1.0.0' }],
  });
  expect((await server.infer({ x: [0] })).status).toBe(200);
});

test('uploading again is harmless; other bytes under the same version are not', async () => {
  await using server = await openTestServer();
  expect((await server.upload('1.0.0', modelOf(1))).status).toBe(201);
  expect((await server.upload('1.0.0', modelOf(1))).status).toBe(201);
  expect(await server.upload('1.0.0', modelOf(2))).toMatchObject({
    status: 409,
    body: { error: expect.stringMatching(/versions never change/) },
  });
});

test('a restarted server serves what it served', async () => {
  await using server = await openTestServer();
  await server.upload('1.0.0', modelOf(1));
  await server.upload('1.1.0', modelOf(2));
  await server.traffic({ stable: '1.0.0', candidate: '1.1.0', weight: 25, rollout: 'r1', step: '25 %' });
  const before = await server.control('GET', '/traffic');
  await server.restart();
  const after = await server.control('GET', '/traffic');
  expect({ ...after.body, since: '' }).toEqual({ ...before.body, since: '' });
  expect((await server.infer({ x: [0] })).status).toBe(200);
  expect(readdirSync(join(server.folder, 'data', 'models', 'm')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('a version that has left the traffic is unloaded, and loaded again when it is named again', async () => {
  await using server = await openTestServer();
  for (const [version, weight] of [
    ['1.0.0', 1],
    ['1.1.0', 2],
  ] as const)
    await server.upload(version, modelOf(weight));
  await server.traffic({ stable: '1.1.0' });
  expect((await server.control('GET', '/traffic')).body).toMatchObject({ loaded: [{ version: '1.1.0' }] });
  expect((await server.infer({ x: [0] }, {}, '1.0.0')).status).toBe(404);
  expect((await server.traffic({ stable: '1.0.0' })).status).toBe(200);
  expect((await server.infer({ x: [1] })).body).toMatchObject({ model_version: '1.0.0' });
});

test('requests that are under way are answered by the version they began with', async () => {
  await using server = await openTestServer({ queueLimit: 1000 });
  await server.upload('1.0.0', modelOf(1));
  await server.upload('1.1.0', modelOf(2));
  await server.traffic({ stable: '1.0.0' });
  let switched = false;
  const answers = Array.from({ length: 200 }, async (_, index) => {
    if (index === 100) {
      await server.traffic({ stable: '1.1.0' });
      switched = true;
    }
    return server.infer({ x: Array.from({ length: 64 }, () => 1) });
  });
  const results = await Promise.all(answers);
  expect(switched).toBe(true);
  expect(results.map(({ status }) => status)).toEqual(results.map(() => 200));
  expect(new Set(results.map(({ body }) => body.model_version))).toEqual(new Set(['1.0.0', '1.1.0']));
});

test('bytes that have changed on disk are not served', async () => {
  await using server = await openTestServer();
  await server.upload('1.0.0', modelOf(1));
  await server.upload('1.1.0', modelOf(2));
  await server.traffic({ stable: '1.1.0' });
  const objects = join(server.folder, 'data', 'objects', 'sha256');
  for (const prefix of readdirSync(objects)) {
    for (const name of readdirSync(join(objects, prefix))) writeFileSync(join(objects, prefix, name), modelOf(3));
  }
  expect((await server.traffic({ stable: '1.0.0' })).status).toBe(500);
  expect((await server.infer({ x: [1] })).body).toMatchObject({ model_version: '1.1.0' });
});

describe('control', () => {
  test.each([undefined, 'Bearer ', `Bearer ${token}x`, `bearer ${token}`, token])(
    'is closed to the authorization %j',
    async (given) => {
      await using server = await openTestServer();
      const headers: Record<string, string> = given === undefined ? {} : { authorization: given };
      for (const path of ['/traffic', '/observation']) {
        expect((await server.call('GET', `/pulltrain/models/m${path}`, undefined, headers)).status).toBe(401);
      }
      expect((await server.call('PUT', '/pulltrain/models/m/versions/1.0.0', modelOf(1), headers)).status).toBe(401);
    },
  );

  test.each([
    ['no digest', {}],
    ['a manifest that is none', { 'x-pulltrain-sha256': 'a'.repeat(64), 'x-pulltrain-manifest': 'e30=' }],
  ])('an upload with %s is refused', async (_, headers) => {
    await using server = await openTestServer();
    const octets = { 'content-type': 'application/octet-stream', ...headers };
    expect((await server.control('PUT', '/versions/1.0.0', modelOf(1), octets)).status).toBe(400);
  });

  test('is not opened with a short token', async () => {
    const options = { name: 't', data: '/nowhere', log: '/nowhere', token: 'short', onFault: () => undefined };
    await expect(createServer(options, { now: () => new Date() })).rejects.toMatchObject({ code: 'token-too-short' });
  });
});

test('a store that cannot be read is an error at the start, with the file in it', async () => {
  await using server = await openTestServer();
  const folder = join(server.folder, 'other', 'models', 'm');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'traffic.json'), '{"since":');
  const options = { name: 't', data: join(server.folder, 'other'), log: '/nowhere', token, onFault: () => undefined };
  await expect(createServer(options, { now: () => new Date() })).rejects.toMatchObject({
    code: 'store-corrupt',
    message: expect.stringContaining('traffic.json'),
  });
  expect(readFileSync(join(folder, 'traffic.json'), 'utf8')).toBe('{"since":');
});
