import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { identifyInTree } from '../../../../pipelines/features/identify-in-tree.ts';
import { pinFeatures } from '../../../../pipelines/features/pin-features.ts';
import { computeRunKey } from '../../../../pipelines/training/compute-run-key.ts';
import { addLateRates } from '../../../../sandbox/story/changes/add-late-rates.ts';
import { baseFiles } from '../../../../sandbox/story/changes/base-files.ts';
import { firstModel } from '../../../../sandbox/story/changes/first-model.ts';
import { trainTooLittle } from '../../../../sandbox/story/changes/train-too-little.ts';
import { readExample } from '../../../../sandbox/story/read-example.ts';
import { memoryTree } from '../../../fixtures/memory-tree.ts';

const example = await readExample(fileURLToPath(new URL('../../../..', import.meta.url)));

const pointer = `kind: pointer\nversion: 1\nintegrity: sha512-${'A'.repeat(86)}==\nsize: 1\n`;

/** Lines that are only in one of two texts. */
function changedLines(before: string | undefined, after: string | undefined): { gone: string[]; come: string[] } {
  const [left, right] = [before?.split('\n') ?? [], after?.split('\n') ?? []];
  return { gone: left.filter((line) => !right.includes(line)), come: right.filter((line) => !left.includes(line)) };
}

it('the first commit and the first pull request are the example, each file once', () => {
  const [base, first] = [Object.keys(baseFiles(example)), Object.keys(firstModel(example))];
  const later = Object.keys(example).filter((path) => path.startsWith('features/'));
  expect(later).not.toEqual([]);
  expect([...base, ...first, ...later].sort()).toEqual(Object.keys(example).sort());
  expect(base.every((path) => /^(\.github\/.*|pulltrain\.yml|README\.md|\.gitignore)$/.test(path))).toBe(true);
  expect(first).toContain('dvc.yaml');
});

it('the late rates add two features, their definition and the stage that joins them', async () => {
  const after = addLateRates(example);
  expect(changedLines(example['params.yaml'], after['params.yaml'])).toEqual({
    gone: [],
    come: ['  - origin_late_rate_7d', '  - destination_late_rate_7d', '  table: out/train.parquet'],
  });
  expect(changedLines(example['dvc.yaml'], after['dvc.yaml']).gone).toEqual([]);
  const tree = memoryTree({ ...example, ...after, 'data/flights-2001-03.parquet.pointer.yml': pointer });
  const { stages } = await computeRunKey({
    name: 'flight-delay',
    model: { pipeline: 'dvc.yaml', output: 'out/model.onnx' },
    tree,
  });
  expect(stages.map(({ name, deps }) => [name, deps.slice(0, 2)])).toEqual([
    ['features', ['data/flights-2001-03.parquet', 'features/airport_late_rates_7d.sql']],
    ['train', ['out/train.parquet', 'package-lock.json']],
  ]);
  const [pin] = await pinFeatures(
    { stages, served: undefined },
    { tree, identify: (path) => identifyInTree(tree, path) },
  );
  expect(pin).toMatchObject({
    service: 'flight_features@v1',
    views: [{ view: 'airport_late_rates_7d', version: expect.stringMatching(/^sha512-/) }],
  });
});

it('training too little keeps the features and shortens window and forest', () => {
  const before = addLateRates(example);
  const after = trainTooLittle(example);
  expect(changedLines(before['params.yaml'], after['params.yaml']).come).toEqual([
    expect.stringContaining('2001-03-25'),
    '  validation_days: 1',
    '  trees: 3',
  ]);
  expect(parse(after['params.yaml'] ?? '').features).toHaveLength(5);
});
