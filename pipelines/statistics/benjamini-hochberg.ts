/**
 * p-values adjusted for the false discovery rate (Benjamini & Hochberg 1995): with the p-values in ascending order, the
 * j-th of k is multiplied by k / j, and none is above a later one. The answer is in the order of the question.
 */
export function benjaminiHochberg(ps: readonly number[]): number[] {
  const order = [...ps.keys()].sort((left, right) => (ps[right] ?? 0) - (ps[left] ?? 0));
  const adjusted = ps.map(() => 1);
  let least = 1;
  order.forEach((at, fromLast) => {
    least = Math.min(least, ((ps[at] ?? 1) * ps.length) / (ps.length - fromLast));
    adjusted[at] = least;
  });
  return adjusted;
}
