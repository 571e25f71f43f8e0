import type { Delta } from '../pipelines/contracts/comparison.ts';

/** What a paired change is when its interval leaves no change out: `better`, `worse`, or null when it cannot be told. */
export function effectOf(delta: Delta | null, direction: 'higher' | 'lower'): 'better' | 'worse' | null {
  if (delta === null) return null;
  const [worst, best] = direction === 'higher' ? [delta.low, delta.high] : [-delta.high, -delta.low];
  if (worst > 0) return 'better';
  return best < 0 ? 'worse' : null;
}

/** The same for a table; what became worse stands out, also beside the tick of a gate. */
export function effectMark(effect: 'better' | 'worse' | null): string {
  return effect === 'worse' ? '**worse**' : (effect ?? '');
}
