/**
 * Row numbers in ascending order of their values; equal values keep their order. A radix sort over the bits of the
 * doubles, because a comparator on half a million rows takes ten times as long. No NaN.
 */
export function sortOrder(values: Float64Array): Uint32Array {
  const rows = values.length;
  const bits = new Uint32Array(Float64Array.from(values).buffer);
  const [low, high] = littleEndian() ? [0, 1] : [1, 0];
  const keys = [new Uint32Array(rows), new Uint32Array(rows)] as const;
  for (let row = 0; row < rows; row += 1) {
    const top = bits[2 * row + high] ?? 0;
    const bottom = bits[2 * row + low] ?? 0;
    const negative = top >>> 31 === 1;
    keys[0][row] = negative ? ~bottom : bottom;
    keys[1][row] = negative ? ~top : top ^ 0x80000000;
  }
  let order = new Uint32Array(rows);
  for (let row = 0; row < rows; row += 1) order[row] = row;
  let spare = new Uint32Array(rows);
  for (const key of keys) {
    for (const shift of [0, 8, 16, 24]) {
      if (distribute(order, spare, key, shift)) [order, spare] = [spare, order];
    }
  }
  return order;
}

/** One pass over 8 bits of the key; false, and nothing moved, when all rows share them. */
function distribute(from: Uint32Array, to: Uint32Array, key: Uint32Array, shift: number): boolean {
  const starts = new Uint32Array(257);
  for (let row = 0; row < key.length; row += 1) {
    const digit = ((key[row] ?? 0) >>> shift) & 0xff;
    starts[digit + 1] = (starts[digit + 1] ?? 0) + 1;
  }
  if (starts.includes(key.length, 1)) return false;
  for (let digit = 0; digit < 256; digit += 1) starts[digit + 1] = (starts[digit + 1] ?? 0) + (starts[digit] ?? 0);
  for (let at = 0; at < from.length; at += 1) {
    const row = from[at] ?? 0;
    const digit = ((key[row] ?? 0) >>> shift) & 0xff;
    const place = starts[digit] ?? 0;
    to[place] = row;
    starts[digit] = place + 1;
  }
  return true;
}

function littleEndian(): boolean {
  return new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
}
