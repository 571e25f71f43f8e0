import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../fixtures/git-repository.ts';
import { buildLogisticModel } from '../fixtures/onnx-model.ts';

const cli = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

function start(directory: string, args: readonly string[]) {
  const child = spawn(process.execPath, [cli, 'serve', ...args], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => (out += text));
  child.stderr.on('data', (text) => (err += text));
  const answered = new Promise<string>((resolve) => child.stdout.on('data', () => out.endsWith('}\n') && resolve(out)));
  return { child, answered, ended: once(child, 'close').then(([code]) => ({ code, out, err })) };
}

test('a file is served until Ctrl-C, and what it predicted is logged', async () => {
  using folder = temporaryDirectory();
  writeFileSync(join(folder.path, 'delay.onnx'), buildLogisticModel({ inputs: ['hour'], weights: [1], bias: 0 }));
  const { child, answered, ended } = start(folder.path, ['--model', 'delay.onnx', '--port', '0', '--json']);
  const answer = JSON.parse(await answered);
  expect(answer).toMatchObject({ model: 'delay', version: '0.0.0', inputs: [{ name: 'hour', datatype: 'FP32' }] });
  const body = { inputs: [{ name: 'hour', datatype: 'FP32', shape: [1, 1], data: [0] }] };
  const headers = { 'content-type': 'application/json' };
  const scored = await fetch(answer.infer, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(await scored.json()).toMatchObject({ outputs: [{ data: [0.5] }] });
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 0, err: '' });
  expect(readdirSync(join(folder.path, '.pulltrain', 'predictions', 'delay'))).toHaveLength(1);
  await expect(fetch(answer.url)).rejects.toThrow();
});

test('with a profile single predictions are explained', async () => {
  using folder = temporaryDirectory();
  writeFileSync(join(folder.path, 'delay.onnx'), buildLogisticModel({ inputs: ['hour'], weights: [1], bias: 0 }));
  const hour = { type: 'numeric', name: 'hour', missing: 0, mean: 0, std: 1.0005, edges: [0], counts: [500, 500] };
  const profile = {
    kind: 'profile',
    version: 1,
    model: 'delay',
    rows: 1000,
    from: null,
    to: null,
    columns: [hour],
    score: { ...hour, name: 'score' },
    labelMean: null,
    quality: null,
    thresholds: {},
    chunks: 0,
  };
  writeFileSync(join(folder.path, 'profile.json'), JSON.stringify(profile));
  const { child, answered, ended } = start(folder.path, [
    ...['--model', 'delay.onnx', '--profile', 'profile.json', '--port', '0', '--json'],
  ]);
  const { infer } = JSON.parse(await answered);
  const body = {
    parameters: { explain: true },
    inputs: [{ name: 'hour', datatype: 'FP32', shape: [1, 1], data: [1] }],
  };
  const headers = { 'content-type': 'application/json' };
  const told = await fetch(infer, { method: 'POST', headers, body: JSON.stringify(body) });
  // Half of the background has the hour 1, half -1.
  expect(await told.json()).toMatchObject({
    outputs: [
      { name: 'probability' },
      { name: 'pulltrain.inputs', data: ['hour'] },
      { name: 'pulltrain.baseline', data: [expect.closeTo(0.5, 6)] },
      { name: 'pulltrain.contributions', data: [expect.closeTo(1 / (1 + Math.exp(-1)) - 0.5, 3)] },
    ],
  });
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 0, err: '' });
});

test('features are looked up in the online store that is named', async () => {
  using folder = temporaryDirectory();
  writeFileSync(join(folder.path, 'delay.onnx'), buildLogisticModel({ inputs: ['hour'], weights: [1], bias: 0 }));
  const args = ['--model', 'delay.onnx', '--port', '0', '--json', '--online-store', 'online.db'];
  const { child, answered, ended } = start(folder.path, args);
  await answered;
  expect(readdirSync(folder.path)).toContain('online.db');
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 0, err: '' });
});

test.each<[string, string[], number, RegExp]>([
  ['nothing to serve', [], 2, /--model is missing/],
  ['two things to serve', ['--model', 'a.onnx', '--release', 'm@v1.0.0'], 2, /exclude each other/],
  ['a file that is not there', ['--model', 'none.onnx'], 1, /cannot open the model file/],
  ['a file that is not ONNX', ['--model', 'text.onnx', '--port', '0'], 1, /the model server refused \(got 422: .*not/],
  ['a name no model can have', ['--model', 'Bad name!.onnx'], 2, /needs another name/],
  [
    'an unknown online store',
    ['--model', 'a.onnx', '--online-store', 'ftp://x'],
    1,
    /online store is not known.*ftp:/s,
  ],
  ['a port that is none', ['--model', 'text.onnx', '--port', 'x'], 2, /--port cannot be x/],
])('%s is answered with a sentence', async (_, args, code, message) => {
  using folder = temporaryDirectory();
  for (const name of ['text.onnx', 'Bad name!.onnx']) writeFileSync(join(folder.path, name), 'not a model');
  writeFileSync(join(folder.path, 'a.onnx'), buildLogisticModel({ inputs: ['hour'], weights: [1], bias: 0 }));
  const ended = await start(folder.path, args).ended;
  expect(ended.err).toMatch(message);
  expect(ended.code).toBe(code);
});
