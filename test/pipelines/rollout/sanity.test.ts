import { describe, expect, test } from 'vitest';
import { sanityColumns } from '../../../pipelines/rollout/sanity-columns.ts';
import { sanityFaults } from '../../../pipelines/rollout/sanity-faults.ts';

const edges = Array.from({ length: 15 }, (_, index) => index / 2);
const hour = { type: 'numeric' as const, name: 'hour', missing: 0, mean: 1, std: 1, edges, counts: [] };
const columns = [
  hour,
  { type: 'categorical' as const, name: 'region', missing: 0, counts: { west: 1, east: 2 }, other: 0 },
];
const dataOf = (name: string, datatype: string) => sanityColumns([{ name, datatype }], { columns })[0]?.data;

describe('the rows of a first look', () => {
  test.each([
    ['hour', 'FP32', [0, 1, 2, 3, 4, 5, 6, 7]],
    ['hour', 'INT64', [0, 1, 2, 3, 4, 5, 6, 7]],
    ['region', 'BYTES', ['west', 'east', 'west', 'east', 'west', 'east', 'west', 'east']],
    ['unknown', 'FP32', [0, 0, 0, 0, 0, 0, 0, 0]],
    ['unknown', 'BYTES', ['', '', '', '', '', '', '', '']],
    ['flag', 'BOOL', [false, true, false, true, false, true, false, true]],
  ])('walk through the profile of %s as %s', (name, datatype, expected) => {
    expect(dataOf(name, datatype)).toEqual(expected);
  });

  test('an integer input gets whole numbers from fractional edges', () => {
    const [column] = sanityColumns([{ name: 'hour', datatype: 'INT64' }], {
      columns: [{ ...hour, edges: [0.4, 2.6] }],
    });
    expect(column?.data.every((value) => Number.isInteger(value))).toBe(true);
  });
});

describe('two answers to the same rows', () => {
  const answer = (data: (number | string | null)[], name = 'probability') => ({ outputs: [{ name, data }] });
  test.each([
    ['equal probabilities', answer([0, 0.5, 1]), answer([0, 0.5, 1]), []],
    ['a missing number', answer([null]), answer([null]), ['probability holds values that are not finite']],
    ['outside', answer([1.5]), answer([1.5]), ['probability lies outside 0 and 1']],
    ['different', answer([0.5]), answer([0.6]), ['probability differs between two calls with the same rows']],
    ['empty', answer([]), answer([]), ['probability is empty']],
    ['no outputs', { outputs: [] }, { outputs: [] }, ['the model gave no outputs']],
    ['a label beside it may be anything', answer([7], 'label'), answer([7], 'label'), []],
  ])('%s', (_, first, second, faults) => {
    expect(sanityFaults('binary', first, second)).toEqual(faults);
  });

  test('a regression may be outside of 0 and 1', () => {
    expect(sanityFaults('regression', answer([30]), answer([30]))).toEqual([]);
  });
});
