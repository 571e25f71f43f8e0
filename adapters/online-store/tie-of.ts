import { createHash } from 'node:crypto';
import { canonicalJson } from '../../pipelines/canonical-json.ts';
import type { OnlineRecord } from '../../pipelines/ports/online-store.ts';

/** Sorts before every time that a row can have. */
export const never = Number.MIN_SAFE_INTEGER;

/** Decides between rows of the same times, in every store alike. */
export function tieOf(values: OnlineRecord['values']): string {
  return createHash('sha256').update(canonicalJson(values)).digest('hex').slice(0, 32);
}
