import type { Delta } from '../pipelines/contracts/comparison.ts';
import { formatChange } from './format-number.ts';

/** A paired change with its interval, as markdown: `+0.0153 [+0.0148, +0.0158]`, never broken into lines; a dash for none. */
export function formatDelta(delta: Delta | null): string {
  if (delta === null) return '–';
  return `${formatChange(delta.value)}\u00a0\\[${formatChange(delta.low)},\u00a0${formatChange(delta.high)}\\]`;
}
