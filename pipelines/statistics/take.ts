/** The values of the given rows, in their order. A loop, because `Float64Array.from` with a function takes ten times as long. */
export function take(values: Float64Array, rows: Uint32Array): Float64Array {
  const taken = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at += 1) taken[at] = values[rows[at] ?? 0] ?? Number.NaN;
  return taken;
}
