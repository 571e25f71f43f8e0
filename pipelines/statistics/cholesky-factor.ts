/**
 * Lower triangle L with L L' = the square, symmetric, non-negative matrix, both row by row. A direction without variance,
 * or with none left after the ones before it, gets zeros: sums that always agree have a matrix without full rank.
 */
export function choleskyFactor(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  const at = (values: Float64Array, row: number, column: number) => values[row * size + column] ?? 0;
  for (let column = 0; column < size; column += 1) {
    let left = at(matrix, column, column);
    const whole = left;
    for (let k = 0; k < column; k += 1) left -= at(factor, column, k) ** 2;
    // What rounding leaves of nothing.
    if (left <= whole * 1e-9) continue;
    const pivot = Math.sqrt(left);
    factor[column * size + column] = pivot;
    for (let row = column + 1; row < size; row += 1) {
      let value = at(matrix, row, column);
      for (let k = 0; k < column; k += 1) value -= at(factor, row, k) * at(factor, column, k);
      factor[row * size + column] = value / pivot;
    }
  }
  return factor;
}
