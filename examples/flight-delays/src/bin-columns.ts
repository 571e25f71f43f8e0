/** Columns cut into bins. A cell is the number of its bin, counted through over all features. */
export type BinnedColumns = {
  /** Row by row, one cell per feature. */
  cells: Uint16Array;
  features: number;
  /** First bin of each feature, and one past the last bin of all. */
  starts: Int32Array;
  /**
   * For each feature, the largest value of each bin but the last, rising. They are values of the data, hence exact
   * floats: "value <= edge" means the same here and in the exported model.
   */
  edges: readonly Float32Array[];
};

/** Edges come from about this many rows, evenly spread: quantiles of more are hardly better and sorting is slow. */
const rowsForEdges = 200_000;

/** Cuts every column into at most `maxBins` bins of about as many rows each; equal values share a bin. */
export function binColumns(columns: readonly Float32Array[], maxBins: number): BinnedColumns {
  const edges = columns.map((column) => findEdges(column, maxBins));
  const starts = new Int32Array(columns.length + 1);
  edges.forEach((own, feature) => {
    starts[feature + 1] = (starts[feature] ?? 0) + own.length + 1;
  });
  const rows = columns[0]?.length ?? 0;
  const cells = new Uint16Array(rows * columns.length);
  columns.forEach((column, feature) => {
    const own = edges[feature] ?? new Float32Array();
    const start = starts[feature] ?? 0;
    for (let row = 0; row < rows; row++)
      cells[row * columns.length + feature] = start + binOf(column[row] ?? Number.NaN, own);
  });
  return { cells, features: columns.length, starts, edges };
}

function findEdges(column: Float32Array, maxBins: number): Float32Array {
  const stride = Math.max(1, Math.floor(column.length / rowsForEdges));
  const sorted = new Float32Array(Math.ceil(column.length / stride));
  for (let index = 0; index < sorted.length; index++) sorted[index] = column[index * stride] ?? Number.NaN;
  sorted.sort();
  // NaN sorts to the end.
  let known = sorted.length;
  while (known > 0 && Number.isNaN(sorted[known - 1])) known--;
  const largest = sorted[known - 1];

  const distinct: number[] = [];
  for (let index = 0; index < known && distinct.length <= maxBins; index++) {
    const value = sorted[index] ?? 0;
    if (value !== distinct.at(-1)) distinct.push(value);
  }
  if (distinct.length <= maxBins) return Float32Array.from(distinct.slice(0, -1));

  const quantiles = new Set<number>();
  for (let bin = 1; bin < maxBins; bin++) quantiles.add(sorted[Math.floor((bin * known) / maxBins)] ?? 0);
  return Float32Array.from(quantiles).filter((value) => value !== largest);
}

/** Number of edges below `value`. NaN is above all of them, as it is for the comparison of the exported model. */
function binOf(value: number, edges: Float32Array): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (edges[middle] ?? Number.NaN)) high = middle;
    else low = middle + 1;
  }
  return low;
}
