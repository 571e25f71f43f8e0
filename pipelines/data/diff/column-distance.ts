/** Once in a thousand times: sqrt(-ln(0.001 / 2) / 2), the Kolmogorov-Smirnov quantile for large samples. */
const rare = 1.949;

/** Greatest difference between the distribution functions of two sorted samples; 0 when one is empty. */
export function numberDistance(left: Float64Array, right: Float64Array): number {
  if (left.length === 0 || right.length === 0) return 0;
  let [i, j, greatest] = [0, 0, 0];
  while (i < left.length && j < right.length) {
    const value = Math.min(left[i] ?? 0, right[j] ?? 0);
    while (i < left.length && left[i] === value) i += 1;
    while (j < right.length && right[j] === value) j += 1;
    greatest = Math.max(greatest, Math.abs(i / left.length - j / right.length));
  }
  return greatest;
}

/** What `numberDistance` of two samples of one table exceeds once in a thousand times. */
export function numberNoise(left: number, right: number): number {
  return left === 0 || right === 0 ? 1 : Math.min(1, rare * Math.sqrt(1 / left + 1 / right));
}

/** Share of the rows that would have to change their category (total variation); 0 when one side is empty. */
export function categoryDistance(left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): number {
  const [n, m] = [total(left), total(right)];
  if (n === 0 || m === 0) return 0;
  const names = new Set([...left.keys(), ...right.keys()]);
  const apart = [...names].reduce(
    (sum, name) => sum + Math.abs((left.get(name) ?? 0) / n - (right.get(name) ?? 0) / m),
    0,
  );
  return Math.min(1, apart / 2);
}

/**
 * What `categoryDistance` of two samples of one table rarely exceeds: its expectation, half the sum of the mean absolute
 * differences of normal shares, and the deviation that bounded differences allow (McDiarmid, one in a thousand).
 */
export function categoryNoise(left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): number {
  const [n, m] = [total(left), total(right)];
  if (n === 0 || m === 0) return 1;
  const scale = 1 / n + 1 / m;
  const names = new Set([...left.keys(), ...right.keys()]);
  const expected = [...names].reduce((sum, name) => {
    const share = ((left.get(name) ?? 0) + (right.get(name) ?? 0)) / (n + m);
    return sum + Math.sqrt((2 / Math.PI) * share * (1 - share) * scale);
  }, 0);
  return Math.min(1, expected / 2 + Math.sqrt((Math.log(1000) * scale) / 2));
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
