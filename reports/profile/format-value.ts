import type { ColumnKind } from '../../pipelines/contracts/data-profile.ts';

/** Latest time that is shown as a date; whatever is beyond stays a number of seconds. */
const latest = 8.64e12;

/** A value of a column in few characters: five digits of a number, a day or a minute of a time. */
export function formatValue(value: number, kind: ColumnKind): string {
  if (kind === 'time' && Math.abs(value) < latest) return formatTime(value);
  if (kind === 'integer' && Math.abs(value) < 1e15)
    return Number.isInteger(value) ? String(value) : formatNumber(value);
  return formatNumber(value);
}

function formatNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e7 || size < 1e-4) return value.toExponential(2).replace('e+', 'e');
  return String(Number(value.toPrecision(size >= 1e5 ? 7 : 5)));
}

function formatTime(seconds: number): string {
  const [date = '', time = ''] = new Date(seconds * 1000).toISOString().split('T');
  return time.startsWith('00:00:00.000') ? date : `${date} ${time.slice(0, 5)}`;
}

/** `12.3 %` of a share in 0..1; something is never shown as nothing, nor nearly all as all. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.001) return '<0.1 %';
  if (share < 1 && share > 0.999) return '>99.9 %';
  return `${(share * 100).toFixed(1)} %`;
}
