import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { modelOf, openTestServer } from './open-test-server.ts';

let server: Awaited<ReturnType<typeof openTestServer>>;
beforeAll(async () => {
  server = await openTestServer();
  await server.upload('1.0.0', modelOf(1));
  await server.upload('1.1.0', modelOf(2, ['x', 'y']));
  await server.traffic({ stable: '1.0.0', candidate: '1.1.0', log: ['region'] });
});
afterAll(() => server[Symbol.asyncDispose]());

const input = (change: object = {}) => ({ name: 'x', datatype: 'FP32', shape: [2, 1], data: [0, 1], ...change });
const post = (body: object) => server.call('POST', '/v2/models/m/infer', body);

test('a request is answered in the shape of the protocol', async () => {
  const { status, body } = await post({ id: 'r1', inputs: [input()] });
  expect(status).toBe(200);
  expect(body).toEqual({
    model_name: 'm',
    model_version: '1.0.0',
    id: 'r1',
    parameters: { variant: 'stable' },
    outputs: [{ name: 'probability', datatype: 'FP32', shape: [2, 1], data: [0.5, expect.closeTo(0.7310586, 6)] }],
  });
});

test.each([
  ['a plain column for [N,1]', { shape: [2] }],
  ['nested data', { data: [[0], [1]] }],
])('%s is taken too', async (_, change) => {
  const { body } = await post({ inputs: [input(change)] });
  expect(body).toMatchObject({ outputs: [{ data: [0.5, expect.closeTo(0.7310586, 6)] }] });
});

test('a missing number goes in and comes out as null', async () => {
  const { body } = await post({ inputs: [input({ data: [null, 0] })] });
  expect(body).toMatchObject({ outputs: [{ data: [null, 0.5] }] });
});

test('a version takes the columns it needs out of those that some version or the log names', async () => {
  expect((await server.infer({ x: [0], y: [1], region: ['west'] })).status).toBe(200);
  const unknown = await server.infer({ x: [0], z: [1], w: [2] });
  expect(unknown.status).toBe(400);
  expect(unknown.body.error).toBe('no loaded version takes these inputs (got z, w; allowed: x, y, region)');
});

test('a version in the path is asked itself', async () => {
  const { body } = await server.infer({ x: [0], y: [1] }, {}, '1.1.0');
  expect(body).toMatchObject({ model_version: '1.1.0', outputs: [{ data: [expect.closeTo(0.7310586, 6)] }] });
  expect((await server.infer({ x: [0] }, {}, '9.0.0')).status).toBe(404);
});

test('outputs may be chosen', async () => {
  expect((await post({ inputs: [input()], outputs: [{ name: 'probability' }] })).status).toBe(200);
  expect((await post({ inputs: [input()], outputs: [{ name: 'other' }] })).status).toBe(400);
});

describe('bad requests get 400 and a sentence', () => {
  const cases: [string, unknown, RegExp][] = [
    ['no inputs', {}, /inputs: /],
    ['empty inputs', { inputs: [] }, /inputs: /],
    ['not an object', [], /not an inference request/],
    ['no rows', { inputs: [input({ shape: [0, 1], data: [] })] }, /at least one row/],
    [
      'too few values',
      { inputs: [input({ data: [1] })] },
      /input x has the wrong number of values \(got 1; allowed: 2/,
    ],
    ['negative dimension', { inputs: [input({ shape: [-2, 1] })] }, /shape\.0/],
    ['huge dimensions', { inputs: [input({ shape: [2 ** 50, 2 ** 50] })] }, /wrong number of values/],
    ['unknown datatype', { inputs: [input({ datatype: 'FP16' })] }, /unknown datatype of input x \(got FP16/],
    ['another datatype', { inputs: [input({ datatype: 'INT64' })] }, /input x is INT64, not FP32/],
    ['text for a number', { inputs: [input({ data: ['1', 2] })] }, /not FP32 \(got "1"\)/],
    ['deeper than its shape', { inputs: [input({ data: [[[0]], [[1]]] })] }, /not FP32/],
    ['wider than the model', { inputs: [input({ shape: [1, 2] })] }, /shape \[1,2\], not \[N,1\]/],
    ['missing input', { inputs: [input({ name: 'y' })] }, /input x is missing/],
    ['twice the same', { inputs: [input(), input()] }, /given twice/],
    [
      'rows that differ',
      { inputs: [input(), input({ name: 'y', shape: [1, 1], data: [1] })] },
      /different numbers of rows/,
    ],
    ['an endless id', { id: 'x'.repeat(200), inputs: [input()] }, /id: /],
    [
      'NUL in a text',
      { inputs: [input(), { name: 'region', datatype: 'BYTES', shape: [2], data: ['a\0b', 'c'] }] },
      /not BYTES/,
    ],
  ];
  test.each(cases)('%s', async (_, body, message) => {
    const answer = await server.call('POST', '/v2/models/m/infer', JSON.stringify(body), {
      'content-type': 'application/json',
    });
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatch(message);
  });

  test.each(['{', '', 'null', '[[[[[', '{"__proto__": 1}'])('the text %j', async (text) => {
    const answer = await server.call('POST', '/v2/models/m/infer', text, { 'content-type': 'application/json' });
    expect(answer.status).toBe(400);
    expect(typeof answer.body.error).toBe('string');
  });
});

describe('what the server says of itself', () => {
  test.each([
    ['/v2/health/live', { live: true }],
    ['/v2/health/ready', { ready: true }],
    ['/v2', { name: 'test', version: '2', extensions: [] }],
    ['/v2/models/m/ready', { name: 'm', ready: true }],
    ['/v2/models/m/versions/1.1.0/ready', { name: 'm', ready: true }],
  ])('%s', async (path, body) => {
    expect(await server.call('GET', path)).toMatchObject({ status: 200, body });
  });

  test('metadata of the version in use, and of one by name', async () => {
    const x = { name: 'x', datatype: 'FP32', shape: [-1, 1] };
    const probability = { name: 'probability', datatype: 'FP32', shape: [-1, 1] };
    expect((await server.call('GET', '/v2/models/m')).body).toEqual({
      name: 'm',
      versions: ['1.0.0', '1.1.0'],
      platform: 'onnx_onnxruntime',
      inputs: [x],
      outputs: [probability],
    });
    expect((await server.call('GET', '/v2/models/m/versions/1.1.0')).body).toMatchObject({
      inputs: [x, { ...x, name: 'y' }],
    });
  });

  test.each(['/v2/models/other', '/v2/models/other/ready', '/v2/models/m/versions/3.0.0', '/nowhere'])(
    '%s is not there',
    async (path) => {
      expect(await server.call('GET', path)).toMatchObject({ status: 404, body: { error: expect.any(String) } });
    },
  );

  test('a version that is not loaded is not ready', async () => {
    expect(await server.call('GET', '/v2/models/m/versions/3.0.0/ready')).toMatchObject({ status: 503 });
  });

  test('counts in the text format of Prometheus', async () => {
    const text = String((await server.call('GET', '/metrics')).body.text);
    expect(text).toMatch(/^nv_inference_request_success\{model="m",version="1\.0\.0",variant="stable"\} [1-9]/m);
    expect(text).toMatch(/^# TYPE nv_inference_count counter$/m);
  });
});
