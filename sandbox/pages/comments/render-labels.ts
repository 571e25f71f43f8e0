import type { Label } from '../github/shapes.ts';
import { type Html, html } from '../html/html.ts';

/** Labels as coloured pills. The colour is an SVG attribute, because the page's policy allows no inline styles. */
export function renderLabels(labels: readonly Label[]): Html | null {
  if (labels.length === 0) return null;
  return html`<span class="labels">${labels.map(renderLabel)}</span>`;
}

function renderLabel(label: Label): Html {
  const colour = /^[0-9a-f]{6}$/i.test(label.color ?? '') ? (label.color ?? '') : 'ededed';
  return html`<span class="label ${isLight(colour) ? 'on-light' : 'on-dark'}"${label.description && html` title="${label.description}"`}><svg aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 1 1"><rect width="1" height="1" fill="#${colour}"/></svg><span>${label.name}</span></span>`;
}

/** Whether dark text reads better on it: perceived brightness after ITU-R BT.601. */
function isLight(colour: string): boolean {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
  return red * 0.299 + green * 0.587 + blue * 0.114 > 150;
}
