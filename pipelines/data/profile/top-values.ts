import type { TopValues } from '../../contracts/data-profile.ts';

/** Values that are listed. */
export const listed = 128;

/** The most frequent values of both parts. A value that one part does not list may have been in it up to its bound. */
export function mergeTopValues(left: TopValues, right: TopValues): TopValues {
  const counts = new Map<string, number>();
  for (const { value, count } of [...left.values, ...right.values]) counts.set(value, (counts.get(value) ?? 0) + count);
  const ordered = orderTopValues([...counts].map(([value, count]) => ({ value, count })));
  const unseen = left.unlistedAtMost + right.unlistedAtMost;
  const [last] = ordered.slice(listed);
  return {
    values: ordered.slice(0, listed),
    unlistedAtMost: last === undefined ? unseen : last.count + unseen,
  };
}

/** Most frequent first; equals in the order of their characters. */
export function orderTopValues(values: TopValues['values']): TopValues['values'] {
  return [...values].sort((left, right) => right.count - left.count || (left.value < right.value ? -1 : 1));
}
