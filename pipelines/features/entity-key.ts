import type { Column } from './definitions.ts';

/**
 * The name of an entity in the online store: its join keys as texts, in their order. Null when one of them is missing;
 * undefined when one is not of its type.
 */
export function entityKey(keys: readonly Column[], read: (key: Column) => unknown): string | null | undefined {
  const texts = keys.map((key) => keyText(read(key), key.type));
  if (texts.includes(undefined)) return undefined;
  return texts.includes(null) ? null : JSON.stringify(texts);
}

function keyText(value: unknown, type: Column['type']): string | null | undefined {
  if (value === null) return null;
  if (type === 'int') {
    if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
    return typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? BigInt(value).toString() : undefined;
  }
  if (type === 'bool')
    return typeof value === 'boolean' ? String(value) : value === 'true' || value === 'false' ? value : undefined;
  if (typeof value !== 'string') return undefined;
  if (type === 'date') return /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined;
  return value;
}
