/** The rows of every group in the given order, or in row order. `codes` says the group of each row. */
export function splitRows(groups: number, codes: Float64Array, order?: Uint32Array): Uint32Array[] {
  const sizes = new Uint32Array(groups);
  for (let row = 0; row < codes.length; row += 1) {
    const code = codes[row] ?? 0;
    sizes[code] = (sizes[code] ?? 0) + 1;
  }
  const members = Array.from(sizes, (size) => new Uint32Array(size));
  const filled = new Uint32Array(groups);
  for (let at = 0; at < codes.length; at += 1) {
    const row = order === undefined ? at : (order[at] ?? 0);
    const code = codes[row] ?? 0;
    const own = members[code];
    const place = filled[code] ?? 0;
    if (own !== undefined) own[place] = row;
    filled[code] = place + 1;
  }
  return members;
}
