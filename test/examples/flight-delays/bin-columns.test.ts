import fc from 'fast-check';
import { expect, it } from 'vitest';
import { binColumns } from '../../../examples/flight-delays/src/bin-columns.ts';

const float = fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(0, 1, 2, Number.NaN, Infinity, -Infinity));
const columns = fc
  .integer({ min: 1, max: 60 })
  .chain((rows) => fc.array(fc.float32Array({ minLength: rows, maxLength: rows }), { minLength: 1, maxLength: 3 }));

it('puts a value into a bin at or below a limit exactly when the value is at most the edge', () => {
  fc.assert(
    fc.property(columns, fc.integer({ min: 2, max: 8 }), (values, maxBins) => {
      const { cells, features, starts, edges } = binColumns(values, maxBins);
      return values.every((column, feature) => {
        const own = [...(edges[feature] ?? [])];
        const agrees = (value: number, row: number) => {
          const bin = (cells[row * features + feature] ?? 0) - (starts[feature] ?? 0);
          return own.every((edge, limit) => bin <= limit === value <= edge);
        };
        return own.length < maxBins && column.every(agrees);
      });
    }),
  );
});

it('takes only values of the data as edges, rising, and never the largest one', () => {
  fc.assert(
    fc.property(fc.array(float, { minLength: 1, maxLength: 50 }), (values) => {
      const column = Float32Array.from(values);
      const [own = new Float32Array()] = binColumns([column], 4).edges;
      expect([...own].sort((a, b) => a - b)).toEqual([...own]);
      expect(new Set(own).size).toBe(own.length);
      const known = column.filter((value) => !Number.isNaN(value));
      for (const edge of own) {
        expect(column).toContain(edge);
        expect(known.some((value) => value > edge)).toBe(true);
      }
    }),
  );
});

it('gives every value of a column with few of them its own bin', () => {
  const { cells, starts } = binColumns([Float32Array.from([3, 1, 2, 1, Number.NaN, 3])], 255);
  expect([...cells]).toEqual([2, 0, 1, 0, 2, 2]);
  expect([...starts]).toEqual([0, 3]);
});

it('makes bins of about as many rows each', () => {
  const { cells } = binColumns([Float32Array.from({ length: 10_000 }, (_, row) => row ** 2)], 10);
  const counts = new Map<number, number>();
  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  expect(counts.size).toBe(10);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(10);
});
