/** ISO 8601 in whole seconds, as GitHub writes times. */
export function formatTimestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
