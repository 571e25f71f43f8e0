import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { addLateRates } from '../../../../sandbox/story/changes/add-late-rates.ts';
import { baseFiles } from '../../../../sandbox/story/changes/base-files.ts';
import { firstModel } from '../../../../sandbox/story/changes/first-model.ts';
import { trainTooLittle } from '../../../../sandbox/story/changes/train-too-little.ts';
import { readExample } from '../../../../sandbox/story/read-example.ts';

const example = await readExample(fileURLToPath(new URL('../../../..', import.meta.url)));

/** Lines that are only in one of two texts. */
function changedLines(before: string | undefined, after: string | undefined): { gone: string[]; come: string[] } {
  const [left, right] = [before?.split('\n') ?? [], after?.split('\n') ?? []];
  return { gone: left.filter((line) => !right.includes(line)), come: right.filter((line) => !left.includes(line)) };
}

it('the first commit and the first pull request are the example, each file once', () => {
  const [base, first] = [Object.keys(baseFiles(example)), Object.keys(firstModel(example))];
  expect([...base, ...first].sort()).toEqual(Object.keys(example).sort());
  expect(base.every((path) => /^(\.github\/.*|pulltrain\.yml|README\.md|\.gitignore)$/.test(path))).toBe(true);
  expect(first).toContain('dvc.yaml');
});

it('the late rates add two features and touch nothing else', () => {
  expect(changedLines(example['params.yaml'], addLateRates(example)['params.yaml'])).toEqual({
    gone: [],
    come: ['  - origin_late_rate_7d', '  - destination_late_rate_7d'],
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
