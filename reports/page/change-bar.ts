import type { Delta } from '../../pipelines/contracts/comparison.ts';
import { chartColours } from '../chart-theme.ts';
import { effectOf } from '../effect-of.ts';
import { type Html, nothing, trusted } from './html.ts';

const width = 120;
const height = 16;

/** A change and its interval beside the line of no change; the numbers stand next to it, so it is hidden from readers. */
export function changeBar(delta: Delta | null, direction: 'higher' | 'lower' | null): Html {
  if (delta === null) return nothing;
  const reach = Math.max(Math.abs(delta.low), Math.abs(delta.high), Math.abs(delta.value));
  if (!(reach > 0) || !Number.isFinite(reach)) return nothing;
  const x = (value: number) => (width / 2 + (value / reach) * (width / 2 - 6)).toFixed(1);
  const effect = direction === null ? null : effectOf(delta, direction);
  const colour =
    effect === 'better' ? chartColours.better : effect === 'worse' ? chartColours.worse : chartColours.faint;
  const middle = height / 2;
  return trusted(
    `<svg class="change" aria-hidden="true" focusable="false" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><line x1="${width / 2}" x2="${width / 2}" y1="0" y2="${height}" stroke="${chartColours.axis}"/><line x1="${x(delta.low)}" x2="${x(delta.high)}" y1="${middle}" y2="${middle}" stroke="${colour}" stroke-width="2.5" stroke-linecap="round"/><circle cx="${x(delta.value)}" cy="${middle}" r="4" fill="${colour}"/></svg>`,
  );
}
