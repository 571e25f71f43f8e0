/** Characters of a strip. */
const WIDTH = 16;

/**
 * An interval as a strip of characters that line up below each other: `···├──●──┤···`. `domain` is what the strip spans, and
 * should hold every end; without ends the value stands alone.
 */
export function intervalStrip(
  { value, low, high }: { value: number; low: number | null; high: number | null },
  domain: readonly [number, number],
): string {
  const [from, to] = domain;
  const placeOf = (at: number) =>
    to > from ? Math.min(WIDTH - 1, Math.max(0, Math.round(((at - from) / (to - from)) * (WIDTH - 1)))) : 0;
  const [left, middle, right] = [placeOf(low ?? value), placeOf(value), placeOf(high ?? value)];
  return Array.from({ length: WIDTH }, (_, at) => {
    if (at === middle) return '●';
    if (at < left || at > right) return '·';
    return at === left ? '├' : at === right ? '┤' : '─';
  }).join('');
}
