/** Time between two instants as `1m 5s`; up to now when the end is missing, nothing when the start is. */
export function duration(start: string | null | undefined, end: string | null | undefined, now: Date): string {
  if (start === null || start === undefined) return '';
  const until = end === null || end === undefined ? now.getTime() : Date.parse(end);
  const seconds = Math.max(0, Math.round((until - Date.parse(start)) / 1000));
  if (!Number.isFinite(seconds)) return '';
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const shown = parts.filter(([value, unit]) => value > 0 || (unit === 's' && seconds < 60));
  return shown.map(([value, unit]) => `${value}${unit}`).join(' ');
}
