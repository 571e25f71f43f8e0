import { type Html, html, trustedHtml } from './html.ts';

/** Drawn on a 16 x 16 grid with strokes of the text colour. */
const drawings = {
  alert: '<path d="M8 2.2 14.6 13.6H1.4Z"/><path d="M8 6.5v3.4M8 11.7v.1"/>',
  branch:
    '<circle cx="4.5" cy="3.5" r="1.7"/><circle cx="4.5" cy="12.5" r="1.7"/><circle cx="11.5" cy="4.5" r="1.7"/><path d="M4.5 5.2v5.6M11.5 6.2c0 3-4.5 2.3-6.6 4.7"/>',
  check: '<path d="m3 8.6 3.3 3.2L13 4.6"/>',
  checkFilled:
    '<circle class="icon-ground" cx="8" cy="8" r="7"/><path class="icon-mark" d="m4.8 8.2 2.3 2.3 4.2-4.6"/>',
  chevron: '<path d="m6 3.8 4.2 4.2L6 12.2"/>',
  circle: '<circle cx="8" cy="8" r="6.2"/>',
  clock: '<circle cx="8" cy="8" r="6.2"/><path d="M8 4.5V8l2.4 1.6"/>',
  code: '<path d="M5.3 4.2 1.6 8l3.7 3.8M10.7 4.2 14.4 8l-3.7 3.8"/>',
  comment: '<path d="M2 3h12v8.4H7.6L4.6 14v-2.6H2Z"/>',
  commit: '<circle cx="8" cy="8" r="2.8"/><path d="M.8 8h4.4M10.8 8h4.4"/>',
  diff: '<path d="M8 2.5v6M5 5.5h6M5 12.7h6"/>',
  dot: '<circle cx="8" cy="8" r="3.4" fill="currentColor"/>',
  download: '<path d="M8 2v8M4.7 6.9 8 10.2l3.3-3.3M2.5 13.6h11"/>',
  environment: '<path d="M8 1.8 13.6 5v6L8 14.2 2.4 11V5Z"/><path d="M2.6 5.1 8 8.2l5.4-3.1M8 8.2v5.8"/>',
  file: '<path d="M3.5 1.8h5.6l3.4 3.4v9h-9Z"/><path d="M9 1.9v3.4h3.4"/>',
  folder: '<path d="M1.6 3.2h4.6l1.5 1.9h6.7v8H1.6Z" fill="currentColor" stroke-linejoin="round"/>',
  issue: '<circle cx="8" cy="8" r="6.2"/><circle cx="8" cy="8" r="1.2" fill="currentColor"/>',
  issueClosed: '<circle cx="8" cy="8" r="6.2"/><path d="m5.2 8.3 2 2 3.7-4"/>',
  law: '<path d="M8 1.8v12M4 13.8h8M3 4.2h10M3 4.2 1 9.4h4ZM13 4.2l-2 5.2h4Z"/>',
  link: '<path d="M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.4-2.4a2.6 2.6 0 0 0-3.7-3.7L8.1 4.2M9.2 6.8a2.6 2.6 0 0 0-3.7 0L3.1 9.2a2.6 2.6 0 0 0 3.7 3.7l1.1-1.1"/>',
  merge:
    '<circle cx="4.5" cy="3.5" r="1.7"/><circle cx="4.5" cy="12.5" r="1.7"/><circle cx="11.8" cy="8.6" r="1.7"/><path d="M4.5 5.2v5.6M4.6 5.4c.6 2.2 2.6 3.2 5.4 3.2"/>',
  package: '<path d="M2 4.6 8 1.8l6 2.8v6.8l-6 2.8-6-2.8Z"/><path d="m2.2 4.7 5.8 2.8 5.8-2.8M8 7.5v6.5"/>',
  play: '<circle cx="8" cy="8" r="6.2"/><path d="M6.6 5.4 10.7 8l-4.1 2.6Z" fill="currentColor"/>',
  pull: '<circle cx="4" cy="3.5" r="1.7"/><circle cx="4" cy="12.5" r="1.7"/><circle cx="12" cy="12.5" r="1.7"/><path d="M4 5.2v5.6M12 10.8V6.4c0-1.6-.8-2.4-2.4-2.4H8.2M9.9 2.2 8 4l1.9 1.8"/>',
  pullClosed:
    '<circle cx="4" cy="3.5" r="1.7"/><circle cx="4" cy="12.5" r="1.7"/><circle cx="12" cy="12.5" r="1.7"/><path d="M4 5.2v5.6M12 10.8V7.4M10.2 2l3.6 3.6M13.8 2l-3.6 3.6"/>',
  repository: '<path d="M3.2 12.6V2.2h9.6v9.2H4.5a1.3 1.3 0 0 0 0 2.6h8.3M5.4 2.4v8.8"/>',
  rocket:
    '<path d="M6 9.8 9.2 13c2.9-2 4.8-5.4 4.6-10.8C8.4 2 5 3.9 3 6.8ZM6 9.8l-2.6-.4L2 11.2M9.2 13l-.8 1M3.4 12.6 2 14"/><circle cx="9.8" cy="6.2" r="1.1"/>',
  shield: '<path d="M8 1.8 13.4 3.8v4c0 3.2-2.2 5.4-5.4 6.6C4.8 13.2 2.6 11 2.6 7.8v-4Z"/>',
  skip: '<circle cx="8" cy="8" r="6.2"/><path d="m4 12 8-8"/>',
  spinner:
    '<circle cx="8" cy="8" r="6.2" opacity=".3"/><path class="icon-turn" d="M8 1.8a6.2 6.2 0 0 1 6.2 6.2"/><circle cx="8" cy="8" r="2.6" fill="currentColor" stroke="none"/>',
  stop: '<circle cx="8" cy="8" r="6.2"/><path d="M5.5 8h5"/>',
  tag: '<path d="M2 2.2h5.6l6.4 6.4-5.4 5.4L2.2 7.6Z"/><circle cx="5.2" cy="5.3" r=".7" fill="currentColor"/>',
  x: '<path d="m4 4 8 8M12 4l-8 8"/>',
  xFilled:
    '<circle class="icon-ground" cx="8" cy="8" r="7"/><path class="icon-mark" d="m5.6 5.6 4.8 4.8M10.4 5.6l-4.8 4.8"/>',
} as const;

export type IconName = keyof typeof drawings;

/** An icon beside text that says the same, hidden from screen readers; give `label` where it stands alone. */
export function icon(name: IconName, options: { label?: string; tone?: string; size?: number } = {}): Html {
  const size = options.size ?? 16;
  const voice = options.label === undefined ? html`aria-hidden="true"` : html`role="img" aria-label="${options.label}"`;
  const tone = options.tone === undefined ? '' : ` tone-${options.tone}`;
  return html`<svg class="icon${tone}" width="${size}" height="${size}" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" ${voice}>${trustedHtml(drawings[name])}</svg>`;
}
