/** Arithmetic mean; NaN of nothing. */
export function mean(values: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) sum += values[at] ?? 0;
  return sum / values.length;
}

/** Sample variance around the mean with n - 1; 0 for a single value. */
export function variance(values: Float64Array): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) {
    const off = (values[at] ?? 0) - centre;
    sum += off * off;
  }
  return sum / (values.length - 1);
}

/** `left - right`, element by element. */
export function differences(left: Float64Array, right: Float64Array): Float64Array {
  const result = new Float64Array(left.length);
  for (let at = 0; at < left.length; at += 1) result[at] = (left[at] ?? 0) - (right[at] ?? 0);
  return result;
}
