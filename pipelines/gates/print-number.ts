/** A number for a sentence: four decimals, fewer for large ones, two digits for tiny ones, and never `-0`. */
export function printNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && size < 0.00005) return value.toExponential(1);
  const text = value.toFixed(size >= 100 ? 1 : 4);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/** The same with its sign, for a change. */
export function printChange(value: number): string {
  const text = printNumber(value);
  return value > 0 ? `+${text}` : text;
}
