import { binColumns } from '../../../examples/flight-delays/src/bin-columns.ts';
import { type BoostSettings, boost, type Forest } from '../../../examples/flight-delays/src/boost.ts';
import { randomNumbers } from '../../../examples/flight-delays/src/random-numbers.ts';

export const settings: BoostSettings = {
  trees: 20,
  leaves: 8,
  learningRate: 0.3,
  minRowsPerLeaf: 20,
  l2: 1,
  sample: 0.7,
  seed: 1,
};

/** Rows whose chance of a 1 depends on both columns together, and on neither alone. */
export function syntheticRows(rows: number): { columns: Float32Array[]; labels: Uint8Array } {
  const random = randomNumbers(7);
  const columns = [new Float32Array(rows), new Float32Array(rows)];
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const [a, b] = [random(), Math.floor(random() * 24)];
    for (const [index, value] of [a, b].entries()) columns[index]?.fill(value, row, row + 1);
    labels[row] = random() < (a > 0.5 === b > 12 ? 0.8 : 0.1) ? 1 : 0;
  }
  return { columns, labels };
}

export function trainOn(rows: ReturnType<typeof syntheticRows>, changes: Partial<BoostSettings> = {}) {
  const losses: number[] = [];
  const forest: Forest = boost(binColumns(rows.columns, 64), rows.labels, { ...settings, ...changes }, (_, loss) => {
    losses.push(loss);
  });
  return { forest, losses };
}
