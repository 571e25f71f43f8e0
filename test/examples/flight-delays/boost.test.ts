import { describe, expect, it } from 'vitest';
import type { Forest } from '../../../examples/flight-delays/src/boost.ts';
import { rocAuc } from '../../../examples/flight-delays/src/roc-auc.ts';
import { scoreRows } from '../../../examples/flight-delays/src/score-rows.ts';
import { syntheticRows, trainOn } from './synthetic-flights.ts';

const rows = syntheticRows(4000);

/** Rows of the table in each leaf of one tree, found by walking the tree. */
function rowsPerLeaf({ trees }: Forest, which: number, columns: readonly Float32Array[]): number[] {
  const tree = trees[which];
  if (tree === undefined) throw new Error(`There is no tree ${which}`);
  const counts = new Map<number, number>();
  for (let row = 0; row < (columns[0]?.length ?? 0); row++) {
    let node = 0;
    while (tree.left[node] !== 0) {
      const value = columns[tree.feature[node] ?? 0]?.[row] ?? Number.NaN;
      node = (value <= (tree.threshold[node] ?? 0) ? tree.left[node] : tree.right[node]) ?? 0;
    }
    counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  return [...counts.values()];
}

describe('boosting', () => {
  it('learns what no single column tells', () => {
    const { forest, losses } = trainOn(rows);
    expect(rocAuc(rows.labels, scoreRows(forest, rows.columns))).toBeGreaterThan(0.84);
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) - 0.15);
  });

  it('reports the log loss of what it has learned so far', () => {
    const { forest, losses } = trainOn(rows, { sample: 1, trees: 6 });
    const before = { ...forest, trees: forest.trees.slice(0, 5) };
    const loss = scoreRows(before, rows.columns).reduce(
      (sum, p, row) => sum - Math.log(rows.labels[row] === 1 ? p : 1 - p),
      0,
    );
    expect(losses[5]).toBeCloseTo(loss / rows.labels.length, 10);
  });

  it('starts from the share of ones, and calibrates to it', () => {
    const { forest } = trainOn(rows);
    const share = rows.labels.reduce((sum, label) => sum + label, 0) / rows.labels.length;
    expect(1 / (1 + Math.exp(-forest.base))).toBeCloseTo(share, 6);
    const mean = scoreRows(forest, rows.columns).reduce((sum, p) => sum + p, 0) / rows.labels.length;
    expect(mean).toBeCloseTo(share, 2);
  });

  it('gives the same trees for the same seed and others for another', () => {
    const again = trainOn(rows).forest;
    expect(trainOn(rows).forest).toEqual(again);
    expect(trainOn(rows, { seed: 2 }).forest).not.toEqual(again);
  });

  it('keeps to the number of leaves and to the least rows in a leaf', () => {
    const { forest } = trainOn(rows, { sample: 1, trees: 3, leaves: 5, minRowsPerLeaf: 300 });
    for (const which of [0, 1, 2]) {
      const counts = rowsPerLeaf(forest, which, rows.columns);
      expect(counts.length).toBeLessThanOrEqual(5);
      expect(Math.min(...counts)).toBeGreaterThanOrEqual(300);
    }
  });

  it('pulls leaf values towards 0 by l2', () => {
    const largest = ({ trees }: Forest) => Math.max(...trees.flatMap(({ value }) => value.map(Math.abs)));
    expect(largest(trainOn(rows, { trees: 1, l2: 1000 }).forest)).toBeLessThan(
      largest(trainOn(rows, { trees: 1, l2: 0 }).forest) / 2,
    );
  });

  it('makes a single leaf of rows that are all alike', () => {
    const alike = { columns: [new Float32Array(200)], labels: Uint8Array.from({ length: 200 }, (_, row) => row % 2) };
    expect(trainOn(alike, { trees: 1 }).forest.trees[0]?.left).toEqual([0]);
  });

  it('refuses rows that all have one label', () => {
    expect(() => trainOn({ ...rows, labels: new Uint8Array(4000) })).toThrow(/same label/);
  });
});
