import { PulltrainError } from '../errors.ts';

/**
 * X of `matrix X = right` for a symmetric positive definite `matrix` (size x size, row-major) and any number of columns in
 * `right` (size x columns, row-major), by Cholesky's decomposition. Throws `equations-singular`.
 */
export function solveSymmetric(matrix: Float64Array, right: Float64Array, size: number): Float64Array {
  const factor = decompose(matrix, size);
  const columns = size === 0 ? 0 : right.length / size;
  const solved = right.slice();
  const subtract = (from: number, row: number, times: number) => {
    if (times === 0) return;
    for (let column = 0; column < columns; column += 1) {
      const at = from * columns + column;
      solved[at] = (solved[at] ?? 0) - times * (solved[row * columns + column] ?? 0);
    }
  };
  const divide = (row: number) => {
    const by = factor[row * size + row] ?? 1;
    for (let at = row * columns; at < (row + 1) * columns; at += 1) solved[at] = (solved[at] ?? 0) / by;
  };
  for (let row = 0; row < size; row += 1) {
    for (let done = 0; done < row; done += 1) subtract(row, done, factor[row * size + done] ?? 0);
    divide(row);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    for (let done = row + 1; done < size; done += 1) subtract(row, done, factor[done * size + row] ?? 0);
    divide(row);
  }
  return solved;
}

/** Lower triangle L with L L' = matrix. */
function decompose(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = matrix[row * size + column] ?? 0;
      for (let at = 0; at < column; at += 1) sum -= (factor[row * size + at] ?? 0) * (factor[column * size + at] ?? 0);
      if (row === column && !(sum > 1e-14 * Math.abs(matrix[row * size + row] ?? 0))) {
        throw new PulltrainError('equations-singular', { what: 'the equations have no single solution' });
      }
      factor[row * size + column] = row === column ? Math.sqrt(sum) : sum / (factor[column * size + column] ?? 1);
    }
  }
  return factor;
}
