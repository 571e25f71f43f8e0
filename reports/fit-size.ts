/** The first of the variants, longest first, that takes at most `cap` bytes; the last one whatever it takes. */
export function fitSize(variants: readonly (() => string)[], cap: number): string {
  let text = '';
  for (const variant of variants) {
    text = variant();
    if (Buffer.byteLength(text) <= cap) break;
  }
  return text;
}
