import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openScorer } from '../../../adapters/onnx/open-scorer.ts';
import { supportedVersions } from '../../../adapters/onnx/supported-versions.ts';
import type { AnswerKind, Scorer } from '../../../pipelines/ports/scorer.ts';
import {
  buildModel,
  bytes,
  type Field,
  graph,
  integer,
  longTensor,
  type ModelParts,
  message,
  text,
} from '../../fixtures/onnx-graph.ts';

let folder = '';
let scorer: Scorer;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostile-'));
  scorer = await openScorer();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function fileOf(model: Uint8Array): string {
  files += 1;
  const path = join(folder, `${files}.onnx`);
  writeFileSync(path, model);
  return path;
}
const identity = { operator: 'Identity', inputs: ['x'], outputs: ['probability'] };
const plain: ModelParts = { nodes: [identity], inputs: [{ name: 'x' }], outputs: [{ name: 'probability' }] };

async function score(model: Uint8Array, rows: number[], kind: AnswerKind = 'one', by = scorer) {
  const open = await by.open(fileOf(model));
  try {
    return await open.score(
      rows.map((size) => ({ x: new Float32Array(size).fill(0.5) })),
      kind,
    );
  } finally {
    await open.close();
  }
}

describe('what ONNX Runtime reads', () => {
  const open = (parts: Partial<ModelParts>) => scorer.describe(fileOf(buildModel({ ...plain, ...parts })));
  const { ir, operatorSets } = supportedVersions;

  test('is read', async () => {
    expect(await open({ ir })).toMatchObject({ inputs: [{ name: 'x' }] });
    const all = Object.fromEntries(
      [...operatorSets].map(([name, version]) => [name === 'ai.onnx' ? '' : name, version]),
    );
    expect(await open({ operatorSets: all })).toMatchObject({ inputs: [{ name: 'x' }] });
  });

  test.each([
    ['the file format', { ir: ir + 1 }, `got IR ${ir + 1}`],
    ['the operators', { operatorSets: { '': 99 } }, 'got ai.onnx 99'],
    ['operators of machine learning', { operatorSets: { '': 17, 'ai.onnx.ml': 9 } }, 'got ai.onnx.ml 9'],
  ])('is said when %s is newer', async (_, parts, seen) => {
    await expect(open(parts)).rejects.toMatchObject({
      code: 'model-refused',
      message: expect.stringMatching(
        new RegExp(
          `newer ONNX Runtime.*${seen}.*at most IR ${ir}, ai.onnx ${operatorSets.get('ai.onnx')}.*lower opset`,
        ),
      ),
    });
  });

  test('is said beside what the file has when it cannot be loaded', async () => {
    const unknown = { nodes: [{ ...identity, operator: 'Conjure' }] };
    await expect(open(unknown)).rejects.toMatchObject({
      code: 'model-not-onnx',
      message: expect.stringMatching(/Conjure.*the file has IR 8, ai.onnx 17; ONNX Runtime 1\.\d+\.\d+ knows IR/),
    });
  });
});

describe('what a model needs that no judge has', () => {
  const tensor = (name: string, ...more: Field[]) => bytes(5, message(text(8, name), integer(2, 1), ...more));
  const external = (name: string, location: string) =>
    tensor(name, integer(1, 4), integer(14, 1), bytes(13, message(text(1, 'location'), text(2, location))));
  const withParts = (...parts: Field[]) =>
    message(integer(1, 8), bytes(8, message(text(1, ''), integer(2, 17))), bytes(7, message(...parts)));

  test('operators of somebody else, each by its name', async () => {
    const nodes = [
      { ...identity, domain: 'com.attacker', operator: 'Steal' },
      { ...identity, domain: 'ai.onnx.contrib', operator: 'PyOp' },
      { ...identity, domain: 'com.microsoft', operator: 'EPContext' },
    ];
    await expect(scorer.describe(fileOf(buildModel({ ...plain, nodes })))).rejects.toMatchObject({
      code: 'model-refused',
      message: expect.stringContaining('com.attacker::Steal, ai.onnx.contrib::PyOp, com.microsoft::EPContext'),
    });
  });

  test('files beside it, each by its name', async () => {
    await expect(
      scorer.describe(fileOf(withParts(external('w', 'weights.bin'), external('v', '../../etc/shadow')))),
    ).rejects.toMatchObject({
      code: 'model-refused',
      message: expect.stringMatching(
        /tensor w in weights.bin, tensor v in ..\/..\/etc\/shadow.*save_as_external_data=False/,
      ),
    });
  });

  test('memory for a sparse tensor that is small in the file', async () => {
    const sparse = bytes(
      15,
      message(
        bytes(1, message(text(8, 's'), integer(1, 1), integer(2, 1))),
        bytes(2, longTensor('', [1], [0])),
        integer(3, 2 ** 20),
        integer(3, 2 ** 20),
      ),
    );
    await expect(scorer.describe(fileOf(withParts(sparse)))).rejects.toMatchObject({
      code: 'model-refused',
      message: expect.stringMatching(/unpack to too much.*8796093022208 bytes/),
    });
  });

  test.each([
    ['a negative size', [integer(1, -4)]],
    ['sizes that overflow', [integer(1, 2 ** 40), integer(1, 2 ** 40)]],
  ])('%s', async (_, sizes) => {
    await expect(scorer.describe(fileOf(withParts(tensor('odd', ...sizes))))).rejects.toMatchObject({
      code: 'model-refused',
      message: expect.stringMatching(/impossible shape.*odd/),
    });
  });
});

describe('what a model may do while it runs', () => {
  test('not answer another number of rows', async () => {
    const half = buildModel({
      ...plain,
      nodes: [
        { operator: 'ReduceMean', inputs: ['x'], outputs: ['probability'], attributes: { axes: [0], keepdims: 1 } },
      ],
    });
    await expect(score(half, [4])).rejects.toMatchObject({
      code: 'model-output-invalid',
      message: expect.stringMatching(/output for 4 rows has the wrong shape.*\[1,1\]/),
    });
  });

  test('not answer with more and more numbers', async () => {
    // As many columns as the batch has rows.
    const growing = buildModel({
      ...plain,
      operatorSets: { '': 12 },
      nodes: [
        { operator: 'Transpose', inputs: ['x'], outputs: ['turned'], attributes: { perm: [1, 0] } },
        { operator: 'MatMul', inputs: ['x', 'turned'], outputs: ['probability'] },
      ],
      outputs: [{ name: 'probability', shape: ['N', 'M'] }],
    });
    expect(await score(growing, [3, 3], 'all')).toMatchObject({ rows: 6, width: 3 });
    await expect(score(growing, [3, 4], 'all')).rejects.toMatchObject({
      code: 'model-output-invalid',
      message: expect.stringMatching(/changes its shape.*4 numbers per row after 3/),
    });
  });

  test('not take all memory of the machine in one call', async () => {
    const narrow = await openScorer({ memory: 2 ** 29 });
    const hungry = buildModel({
      ...plain,
      nodes: [
        { operator: 'ConstantOfShape', inputs: ['size'], outputs: ['zeros'] },
        { operator: 'Add', inputs: ['zeros', 'x'], outputs: ['much'] },
        { operator: 'ReduceMax', inputs: ['much'], outputs: ['most'], attributes: { axes: [0], keepdims: 1 } },
        { operator: 'Add', inputs: ['x', 'most'], outputs: ['probability'] },
      ],
      weights: [longTensor('size', [2], [2 ** 33, 1])],
    });
    // 32 GiB: refused by the kernel while it loads or runs, or noticed and killed.
    await expect(score(hungry, [1], 'one', narrow)).rejects.toMatchObject({
      code: expect.stringMatching(/^model-(memory|not-onnx|output-invalid|crashed)$/),
    });
  });

  test('not run for ever', async () => {
    const hurried = await openScorer({ total: 500 });
    const body = graph({
      nodes: [
        { operator: 'Identity', inputs: ['more'], outputs: ['again'] },
        { operator: 'Identity', inputs: ['state'], outputs: ['next'] },
      ],
      inputs: [
        { name: 'turn', type: 'int64', shape: [] },
        { name: 'more', type: 'bool', shape: [] },
        { name: 'state', shape: ['N', 1] },
      ],
      outputs: [
        { name: 'again', type: 'bool', shape: [] },
        { name: 'next', shape: ['N', 1] },
      ],
    });
    const endless = buildModel({
      ...plain,
      nodes: [
        {
          operator: 'Loop',
          inputs: ['turns', '', 'x'],
          outputs: ['probability'],
          attributes: { body: { graph: body } },
        },
      ],
      weights: [longTensor('turns', [], [2n ** 63n - 1n])],
    });
    await expect(score(endless, [1], 'one', hurried)).rejects.toMatchObject({
      code: 'model-timeout',
      message: expect.stringContaining('too long'),
    });
  });
});

describe('what is read of a model beside its tensors', () => {
  const classifier = (attributes: Record<string, string[] | number[]>) =>
    buildModel({
      operatorSets: { '': 17, 'ai.onnx.ml': 3 },
      nodes: [
        {
          operator: 'LinearClassifier',
          domain: 'ai.onnx.ml',
          inputs: ['x'],
          outputs: ['label', 'probability'],
          attributes: { ...attributes, coefficients: { floats: [1, -1] }, intercepts: { floats: [0, 0] } },
        },
      ],
      inputs: [{ name: 'x' }],
      outputs: [{ name: 'probability', shape: ['N', 2] }],
    });

  test('the classes that a classifier names, in its order', async () => {
    const words = classifier({ classlabels_strings: ['late', 'on time'] });
    expect(await scorer.describe(fileOf(words))).toMatchObject({ classes: ['late', 'on time'] });
    const numbers = classifier({ classlabels_ints: [-1, 1] });
    expect(await scorer.describe(fileOf(numbers))).toMatchObject({ classes: ['-1', '1'] });
    expect(await scorer.describe(fileOf(buildModel(plain)))).toMatchObject({ classes: null });
  });
});
