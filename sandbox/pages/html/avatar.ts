import { type Html, html } from './html.ts';

const hues = ['#0969da', '#8250df', '#bf3989', '#bc4c00', '#1a7f37', '#4d2d00', '#0a3069', '#82071e'];

/** A picture for an account without one: its own letter pattern, the same on every page. Apps are square, as on GitHub. */
export function avatar(login: string, size: number): Html {
  const seed = hash(login);
  const colour = hues[seed % hues.length] ?? '#59636e';
  const cells = Array.from({ length: 15 }, (_, index) => index).filter((index) => ((seed >>> (index + 3)) & 1) === 1);
  const squares = cells.flatMap((index) => {
    const column = Math.floor(index / 5);
    const row = index % 5;
    return [column, 4 - column].map((x) => html`<rect x="${x + 1}" y="${row + 1}" width="1" height="1"/>`);
  });
  const shape = login.endsWith('[bot]') ? 'avatar app' : 'avatar';
  return html`<svg class="${shape}" width="${size}" height="${size}" viewBox="0 0 7 7" aria-hidden="true" shape-rendering="crispEdges"><rect class="avatar-ground" width="7" height="7"/><g fill="${colour}">${squares}</g></svg>`;
}

/** FNV-1a, 32 bit: spreads similar logins over different pictures. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  // The last characters have touched few bits yet; a final mix (of MurmurHash3) spreads them over all.
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
