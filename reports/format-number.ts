/** A number for a table: four decimals, one or none for large ones, two digits for tiny ones, never `-0`; a dash for none. */
export function formatNumber(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && size < 0.00005) return value.toExponential(1);
  if (size >= 100 && Number.isInteger(value)) return formatCount(value);
  const text = value.toFixed(size >= 100 ? 1 : 4);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/** The same with its sign: `+0.0153`. */
export function formatChange(value: number | null): string {
  return value !== null && value > 0 ? `+${formatNumber(value)}` : formatNumber(value);
}

/** `487,123` */
export function formatCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `3 min 20 s` */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? Number(seconds.toFixed(1)) : Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
