import { expect, test } from 'vitest';
import { modelOf, openTestServer } from './open-test-server.ts';

const keys = Array.from({ length: 60 }, (_, index) => `caller-${index}`);

test('a model is served only by what traffic names, and requests stick to a variant as the weight rises', async () => {
  await using server = await openTestServer();
  expect((await server.infer({ x: [0] })).status).toBe(404);
  await server.upload('1.0.0', modelOf(1));
  expect((await server.infer({ x: [0] })).status).toBe(404);
  await server.upload('1.1.0', modelOf(2));
  const variantsAt = async (weight: number) => {
    await server.traffic({ stable: '1.0.0', candidate: '1.1.0', weight, rollout: 'r1', step: `${weight} %` });
    const answers = await Promise.all(
      keys.map((key) => server.infer({ x: [1] }, { parameters: { routing_key: key } })),
    );
    return keys.filter((_, index) => answers[index]?.body.model_version === '1.1.0');
  };
  const [few, more, most, all] = [
    await variantsAt(10),
    await variantsAt(30),
    await variantsAt(80),
    await variantsAt(100),
  ];
  expect(more).toEqual(expect.arrayContaining(few));
  expect(most).toEqual(expect.arrayContaining(more));
  expect(all).toEqual(keys);
  expect(more.length).toBeGreaterThan(6);
  expect(more.length).toBeLessThan(30);
  expect(await variantsAt(30)).toEqual(more);
});

test('a shadow scores a copy and changes no answer', async () => {
  await using server = await openTestServer();
  await server.upload('1.0.0', modelOf(1));
  await server.upload('1.1.0', modelOf(2));
  await server.traffic({ stable: '1.0.0', candidate: '1.1.0', shadow: true, rollout: 'r1', step: 'shadow' });
  const { body } = await server.infer({ x: [1, 1, -1] });
  expect(body).toMatchObject({
    model_version: '1.0.0',
    outputs: [{ data: [expect.closeTo(0.731, 3), expect.closeTo(0.731, 3), expect.closeTo(0.269, 3)] }],
  });
  const observation = await waitFor(server.observe, ({ pairs }) => (pairs?.rows ?? 0) === 3);
  expect(observation).toMatchObject({ rollout: 'r1', step: 'shadow' });
  expect(
    observation.variants.map(({ variant, release, requests, rows, errors }) => [
      variant,
      release,
      requests,
      rows,
      errors,
    ]),
  ).toEqual([
    ['stable', '1.0.0', 1, 3, 0],
    ['shadow', '1.1.0', 1, 3, 0],
  ]);
  // Logistic of 2 less logistic of 1.
  expect(observation.pairs?.meanAbsoluteDifference).toBeCloseTo(0.8807971 - 0.7310586, 6);
  await server.restart();
  expect(server.predictions().map(({ variant, score, features }) => [variant, score?.toFixed(3), features.x])).toEqual([
    ['stable', '0.731', 1],
    ['stable', '0.731', 1],
    ['stable', '0.269', -1],
    ['shadow', '0.881', 1],
    ['shadow', '0.881', 1],
    ['shadow', '0.119', -1],
  ]);
});

test('a candidate that needs a column which callers do not send counts as failing, a malformed request does not', async () => {
  await using server = await openTestServer();
  await server.upload('1.0.0', modelOf(1));
  await server.upload('1.1.0', modelOf(2, ['x', 'y']));
  await server.traffic({ stable: '1.0.0', candidate: '1.1.0', weight: 100, rollout: 'r1', step: '100 %' });
  expect(await server.infer({ x: [1] })).toMatchObject({ status: 400, body: { error: 'input y is missing' } });
  expect((await server.infer({ y: [1] })).status).toBe(400);
  const candidate = (await server.observe()).variants.find(({ variant }) => variant === 'candidate');
  expect(candidate).toMatchObject({ requests: 1, errors: 1, rows: 0, latencyP95Ms: null });
});

test('the same traffic again changes nothing; other traffic starts a new observation', async () => {
  await using server = await openTestServer();
  await server.upload('1.0.0', modelOf(1));
  await server.upload('1.1.0', modelOf(2));
  const traffic = { stable: '1.0.0', candidate: '1.1.0', weight: 50, rollout: 'r1', step: '50 %' };
  await server.traffic(traffic);
  for (const id of keys.slice(0, 10)) await server.infer({ x: [1] }, { id });
  const before = await server.observe();
  await server.traffic(traffic);
  expect({ ...(await server.observe()), until: '' }).toEqual({ ...before, until: '' });
  await server.traffic({ ...traffic, weight: 75 });
  expect((await server.observe()).variants.map(({ requests }) => requests)).toEqual([0, 0]);
});

test('what a version is asked by name is neither observed nor logged', async () => {
  await using server = await openTestServer();
  await server.upload('1.0.0', modelOf(1));
  await server.traffic({ stable: '1.0.0' });
  await server.infer({ x: [1] }, {}, '1.0.0');
  expect((await server.observe()).variants).toMatchObject([{ requests: 0 }]);
  await server.restart();
  expect(server.predictions()).toEqual([]);
});

test('every row is logged with all its columns, whether the model uses them or not', async () => {
  await using server = await openTestServer();
  await server.upload('1.0.0', modelOf(1));
  await server.traffic({ stable: '1.0.0', log: ['region', 'flight'] });
  await server.infer({ x: [0, null], region: ['west', 'east'], flight: [7, 8] }, { id: 'r1' });
  await server.restart();
  const rows = server.predictions();
  expect(rows.map(({ request, row, features, score, status }) => [request, row, features, score, status])).toEqual([
    ['r1', 0, { x: 0, region: 'west', flight: 7 }, 0.5, 'ok'],
    ['r1', 1, { x: null, region: 'east', flight: 8 }, null, 'ok'],
  ]);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(2);
});

test.each([
  [{ stable: '9.9.9' }, 404, /never uploaded \(got 9\.9\.9; allowed: 1\.0\.0\)/],
  [{ stable: '1.0.0', weight: 5 }, 400, /need a candidate/],
  [{ stable: '1.0.0', candidate: '1.0.0' }, 400, /same version/],
  [{ stable: '1.0.0', candidate: null, weight: 101 }, 400, /weight/],
  [{ stable: '1.0.0', colour: 1 }, 400, /colour/],
  [{ stable: '1.0.0', scoreEdges: [1, 1] }, 400, /must rise/],
])('traffic %j is refused and nothing changes', async (traffic, status, message) => {
  await using server = await openTestServer();
  await server.upload('1.0.0', modelOf(1));
  await server.traffic({ stable: '1.0.0' });
  const before = (await server.control('GET', '/traffic')).body;
  expect(await server.traffic(traffic)).toMatchObject({ status, body: { error: expect.stringMatching(message) } });
  expect((await server.control('GET', '/traffic')).body).toEqual(before);
});

async function waitFor<Value>(read: () => Promise<Value>, done: (value: Value) => boolean): Promise<Value> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const value = await read();
    if (done(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return read();
}
