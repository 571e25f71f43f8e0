/** Columns of an entry of `protected`: `sex*race` is every pair of a sex and a race. */
export function columnsOf(by: string): string[] {
  return by.split('*').map((name) => name.trim());
}

/** Every column that splits the rows of a holdout, each once: those of `protected`, its intersections, and `slices`. */
export function groupColumns(policy: { protected: readonly string[]; slices: readonly string[] }): string[] {
  return [...new Set([...policy.protected.flatMap(columnsOf), ...policy.slices])];
}
