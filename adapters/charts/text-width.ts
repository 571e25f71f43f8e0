/** Widths of DejaVu Sans, which is wider than most fonts, in shares of the font size: what is drawn with another one fits too. */
const widths: readonly (readonly [RegExp, number])[] = [
  [/[iljI.,:;'|!]/, 0.32],
  [/[ ftr()[\]/\\"-]/, 0.4],
  [/[mwMW@%—…]/, 0.95],
  [/[A-Z]/, 0.69],
  // ASCII, Latin, Greek and Cyrillic; what follows is about as wide as high.
  [/[\u0020-\u052f\u2010-\u22ff]/, 0.62],
];

/** Pixels that a line of text takes at most, without a canvas to draw it on. */
export function textWidth(text: string, fontSize: number): number {
  let width = 0;
  for (const character of text) width += widths.find(([pattern]) => pattern.test(character))?.[1] ?? 1;
  return width * fontSize;
}
