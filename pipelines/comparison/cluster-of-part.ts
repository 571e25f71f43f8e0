import type { CompareOptions } from './compare-options.ts';

/** Which rows of one group belong together, counted from 0 among those that occur in it. */
export function clusterOfPart(
  cluster: CompareOptions['cluster'],
  codes: Float64Array,
  code: number,
): CompareOptions['cluster'] {
  if (cluster === null) return null;
  const own = cluster.of.filter((_, row) => codes[row] === code);
  const present = [...new Set(own)].sort((left, right) => left - right);
  const places = new Map(present.map((unit, place) => [unit, place]));
  return { by: cluster.by, of: own.map((unit) => places.get(unit) ?? 0), count: present.length };
}
