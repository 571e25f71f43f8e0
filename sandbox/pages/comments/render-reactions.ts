import type { Reactions } from '../github/shapes.ts';
import { type Html, html } from '../html/html.ts';

const faces: readonly [key: string, face: string, word: string][] = [
  ['+1', '👍', 'thumbs up'],
  ['-1', '👎', 'thumbs down'],
  ['laugh', '😄', 'laugh'],
  ['hooray', '🎉', 'hooray'],
  ['confused', '😕', 'confused'],
  ['heart', '❤️', 'heart'],
  ['rocket', '🚀', 'rocket'],
  ['eyes', '👀', 'eyes'],
];

/** The reactions that were given, in GitHub's order. */
export function renderReactions(reactions: Reactions): Html | null {
  const given = faces.filter(([key]) => countOf(reactions, key) > 0);
  if (given.length === 0) return null;
  const items = given.map(
    ([key, face, word]) =>
      html`<li><span role="img" aria-label="${word}">${face}</span> ${countOf(reactions, key)}</li>`,
  );
  return html`<ul class="reactions" aria-label="Reactions">${items}</ul>`;
}

function countOf(reactions: Reactions, key: string): number {
  const count = reactions?.[key];
  return typeof count === 'number' ? count : 0;
}
