import { describe, expect, it } from 'vitest';
import { expandMatrix } from '../../../sandbox/workflows/engine/expand-matrix.ts';

describe('a matrix', () => {
  it("gives the combinations of GitHub's own example", () => {
    const matrix = {
      fruit: ['apple', 'pear'],
      animal: ['cat', 'dog'],
      include: [
        { color: 'green' },
        { color: 'pink', animal: 'cat' },
        { fruit: 'apple', shape: 'circle' },
        { fruit: 'banana' },
        { fruit: 'banana', animal: 'cat' },
      ],
    };
    expect(expandMatrix(matrix)).toEqual([
      { fruit: 'apple', animal: 'cat', color: 'pink', shape: 'circle' },
      { fruit: 'apple', animal: 'dog', color: 'green', shape: 'circle' },
      { fruit: 'pear', animal: 'cat', color: 'pink' },
      { fruit: 'pear', animal: 'dog', color: 'green' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' },
    ]);
  });

  it('leaves out what is excluded', () => {
    const axes = { os: ['a', 'b'], node: [20, 24], exclude: [{ os: 'a', node: 20 }, { os: 'b' }] };
    expect(expandMatrix(axes)).toEqual([{ os: 'a', node: 24 }]);
  });

  it('is one job without combinations when there is none', () => {
    expect(expandMatrix(undefined)).toEqual([null]);
  });

  it.each([
    [{ a: 'text' }, /a matrix entry is a list/],
    [{ a: [] }, /does not contain any values/],
    [{ a: Array.from({ length: 17 }, (_, n) => n), b: Array.from({ length: 17 }, (_, n) => n) }, /too many jobs/],
    [{ a: [1], include: ['x'] }, /a list of mappings/],
  ])('refuses %j', (matrix, message) => {
    expect(() => expandMatrix(matrix)).toThrow(message);
  });
});
