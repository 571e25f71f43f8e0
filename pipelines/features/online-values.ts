import type { OnlineValue } from '../ports/online-store.ts';
import type { ValueType } from './feature-types.ts';
import { parseMoment } from './moments.ts';

const specials: Record<string, string> = {
  nan: 'NaN',
  inf: 'Infinity',
  '-inf': '-Infinity',
  infinity: 'Infinity',
  '-infinity': '-Infinity',
};

/** A value as the store keeps it, out of the text that the engine makes of it. */
export function fromSqlText(text: string | null, type: ValueType): OnlineValue {
  if (text === null) return null;
  if (type === 'bool') return text === 'true';
  if (type === 'int') return safeInteger(text);
  if (type === 'float' || type === 'double') return specials[text.toLowerCase()] ?? Number(text);
  return text;
}

/** A value as the store keeps it, out of JSON that somebody pushed; undefined when it is not of the type. */
export function fromJson(value: unknown, type: ValueType): OnlineValue | undefined {
  if (value === null) return null;
  if (type === 'bool') return typeof value === 'boolean' ? value : undefined;
  if (type === 'int') {
    if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
    return typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? safeInteger(value) : undefined;
  }
  if (type === 'float' || type === 'double') {
    if (typeof value === 'string') return Object.values(specials).find((special) => special === value);
    if (typeof value !== 'number') return undefined;
    return type === 'float' ? Math.fround(value) : value;
  }
  if (typeof value !== 'string') return undefined;
  if (type === 'string') return value;
  const moment = parseMoment(value);
  if (moment === null) return undefined;
  return sqlMoment(moment, type);
}

/** A date or time as the engine writes it: `2001-03-01`, `2001-03-01 06:30:00`. */
function sqlMoment(microseconds: number, type: 'date' | 'timestamp'): string {
  const milliseconds = Math.floor(microseconds / 1000);
  const text = new Date(milliseconds).toISOString();
  if (type === 'date') return text.slice(0, 10);
  const rest = String(microseconds - Math.floor(microseconds / 1_000_000) * 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${text.slice(0, 10)} ${text.slice(11, 19)}${rest === '' ? '' : `.${rest}`}`;
}

function safeInteger(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text).toString();
}
