import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../../adapters/online-store/open-sqlite-store.ts';
import { identifyViews } from '../../../pipelines/features/identify-views.ts';
import { pushRows } from '../../../pipelines/features/push-rows.ts';
import { readDefinitions } from '../../../pipelines/features/read-definitions.ts';
import { publishDefinitions, servedView } from '../../../pipelines/features/served-documents.ts';
import { temporaryDirectory } from '../../fixtures/git-repository.ts';
import { memoryTree } from '../../fixtures/memory-tree.ts';
import { modelOf, openTestServer } from '../open-test-server.ts';

const definitions = `version: 1
entities: { city: { keys: { city: string } }, driver: { keys: { driver: int } } }
views:
  weather: { entity: city, source: { file: data/w.csv }, time: at, ttl: 1h, features: { rain: double, wind: string } }
  trips: { entity: [driver, city], source: { file: data/t.csv }, time: at, features: { count: int } }
services:
  ride@v1:
    features:
      - { view: weather, features: [rain], keys: { city: from }, as: { rain: y } }
  all@v1: { features: [weather, trips] }
`;

/** A server with an online store in which some cities and one driver are known. */
async function openServer() {
  const folder = temporaryDirectory();
  const file = join(folder.path, 'online.db');
  const store = openSqliteStore(file);
  const found = await readDefinitions(memoryTree({ 'features/a.yml': definitions }));
  const identified = await identifyViews(found, { identify: async () => null });
  const push = async (name: string, rows: readonly object[]) => {
    const view = found.views.get(name);
    if (view === undefined) throw new Error(`no view ${name}`);
    return pushRows(
      servedView(view, identified),
      rows.map((row) => JSON.stringify(row)),
      store,
    );
  };
  await publishDefinitions(found, identified, store);
  const now = new Date();
  await push('weather', [
    { city: 'Rome', at: now.toISOString(), rain: 0.5, wind: 'n' },
    { city: 'Oslo', at: now.toISOString(), rain: null, wind: 's' },
    { city: 'Bonn', at: '2001-01-01', rain: 9, wind: 'w' },
  ]);
  await push('trips', [{ city: 'Rome', driver: '9007199254740993', at: '2020-01-01', count: 4 }]);
  const server = await openTestServer({ online: openSqliteStore(file) });
  return {
    ...server,
    push,
    ask: (body: object) => server.call('POST', '/get-online-features', body),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await store.close();
      folder[Symbol.dispose]();
    },
  };
}

describe('POST /get-online-features', () => {
  test('answers column by column, and says of every value what it is', async () => {
    await using server = await openServer();
    const { status, body } = await server.ask({
      features: ['weather:rain', 'weather:wind'],
      entities: { city: ['Rome', 'Oslo', 'Bonn', 'Nowhere', null] },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      metadata: { feature_names: ['city', 'rain', 'wind'] },
      results: [
        {
          values: ['Rome', 'Oslo', 'Bonn', 'Nowhere', null],
          statuses: ['PRESENT', 'PRESENT', 'PRESENT', 'PRESENT', 'NULL_VALUE'],
        },
        {
          values: [0.5, null, null, null, null],
          statuses: ['PRESENT', 'NULL_VALUE', 'OUTSIDE_MAX_AGE', 'NOT_FOUND', 'NOT_FOUND'],
          event_timestamps: [
            expect.stringMatching(/^20/),
            expect.stringMatching(/^20/),
            '2001-01-01T00:00:00Z',
            '1970-01-01T00:00:00Z',
            '1970-01-01T00:00:00Z',
          ],
        },
        { statuses: ['PRESENT', 'PRESENT', 'OUTSIDE_MAX_AGE', 'NOT_FOUND', 'NOT_FOUND'] },
      ],
    });
  });

  test('takes the moment as a parameter, services, several keys, and whole numbers past 2^53 as texts', async () => {
    await using server = await openServer();
    const { body } = await server.ask({
      feature_service: 'all@v1',
      entities: { city: ['Rome', 'Bonn'], driver: ['9007199254740993', 7] },
      time: '2001-01-01T00:59:00Z',
    });
    expect(body).toMatchObject({
      metadata: { feature_names: ['city', 'driver', 'rain', 'wind', 'count'] },
      results: [
        {},
        {},
        { values: [0.5, 9], statuses: ['PRESENT', 'PRESENT'] },
        {},
        { values: [4, null], statuses: ['PRESENT', 'NOT_FOUND'] },
      ],
    });
  });

  test.each([
    [{ entities: { city: ['Rome'] } }, 400, 'give one of feature_service and features'],
    [{ features: ['weather'], entities: { town: ['Rome'] } }, 400, 'entity city is missing'],
    [{ feature_service: 'all@v1', entities: { city: ['Rome'], driver: [1.5] } }, 400, 'entity driver is int, got 1.5'],
    [{ feature_service: 'all@v1', entities: { city: ['Rome'], driver: [1, 2] } }, 400, 'different numbers of rows'],
    [{ features: ['wether:rain', 'weather:ran'], entities: { city: ['Rome'] } }, 404, 'did you mean "weather"?'],
    [{ feature_service: 'ride@v2', entities: { from: ['Rome'] } }, 404, 'did you mean "ride@v1"?'],
    [{ features: ['weather'], entities: { city: ['Rome'] }, time: 'soon' }, 400, 'time is no time'],
    [{ features: ['weather'], entities: {}, more: 1 }, 400, 'more'],
  ])('refuses %j with a sentence', async (body, status, said) => {
    await using server = await openServer();
    const answer = await server.ask(body);
    expect(answer).toMatchObject({ status, body: { error: expect.stringContaining(said) } });
  });
});

describe('serve.features', () => {
  const traffic = { stable: '1.0.0', features: 'ride@v1' };

  test('fills what a request leaves out by its entity keys, and logs what it used', async () => {
    await using server = await openServer();
    await server.upload('1.0.0', modelOf(1, ['x', 'y']));
    expect(await server.traffic(traffic)).toMatchObject({ status: 200 });
    const { status, body } = await server.infer({ x: [0, 0, 0], from: ['Rome', 'Oslo', 'Nowhere'] });
    expect(status).toBe(200);
    expect(body).toMatchObject({ outputs: [{ data: [expect.closeTo(1 / (1 + Math.exp(-0.5)), 5), null, null] }] });
    await expect.poll(() => server.predictions().length).toBe(3);
    const rows = server.predictions().sort((left, right) => left.row - right.row);
    expect(rows.map(({ features }) => features)).toEqual([
      { x: 0, from: 'Rome', y: 0.5 },
      { x: 0, from: 'Oslo', y: null },
      { x: 0, from: 'Nowhere', y: null },
    ]);
    expect(rows.map(({ online }) => online?.features.y)).toEqual([
      { status: 'PRESENT', event: expect.any(String) },
      { status: 'NULL_VALUE', event: expect.any(String) },
      { status: 'NOT_FOUND', event: null },
    ]);
    expect(rows[0]?.online).toMatchObject({ service: 'ride@v1', definition: expect.stringMatching(/^sha512-/) });
  });

  test('believes what a request says itself, and sees news at once', async () => {
    await using server = await openServer();
    await server.upload('1.0.0', modelOf(1, ['x', 'y']));
    await server.traffic(traffic);
    await server.infer({ x: [0], y: [2] });
    await server.push('weather', [{ city: 'Rome', at: '2099-01-01', rain: 7, wind: 'n' }]);
    await server.infer({ x: [0], from: ['Rome'] }, {}, '1.0.0');
    await server.infer({ x: [0], from: ['Rome'] });
    await expect.poll(() => server.predictions().length).toBe(2);
    expect(server.predictions().map(({ features, online }) => [features.y, online === undefined])).toEqual([
      [2, true],
      [7, false],
    ]);
  });

  test('says which keys are missing, and refuses traffic that could only fail', async () => {
    await using server = await openServer();
    await server.upload('1.0.0', modelOf(1, ['x', 'y']));
    await server.traffic(traffic);
    expect(await server.infer({ x: [0] })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('entity from is missing') },
    });
    expect(await server.traffic({ ...traffic, features: 'nobody@v1' })).toMatchObject({ status: 404 });
    await using bare = await openTestServer();
    await bare.upload('1.0.0', modelOf(1, ['x', 'y']));
    expect(await bare.traffic(traffic)).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('no online store') },
    });
  });
});
