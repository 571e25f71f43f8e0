import { countOf } from './count-of.ts';
import { type Html, html } from './html.ts';

const units: readonly [limit: number, seconds: number, name: string][] = [
  [60, 1, 'second'],
  [3600, 60, 'minute'],
  [86_400, 3600, 'hour'],
  [30 * 86_400, 86_400, 'day'],
];
const calendarDay = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', year: 'numeric', timeZone: 'UTC' });

/** `3 minutes ago` with the exact instant as tooltip; older than 30 days becomes the date. */
export function ago(instant: string | null | undefined, now: Date): Html {
  if (instant === null || instant === undefined) return html``;
  const time = new Date(instant);
  if (Number.isNaN(time.getTime())) return html`${instant}`;
  const iso = time.toISOString();
  return html`<time datetime="${iso}" title="${iso.replace('T', ' ').slice(0, 19)} UTC">${elapsed(time, now)}</time>`;
}

function elapsed(time: Date, now: Date): string {
  const seconds = Math.round((now.getTime() - time.getTime()) / 1000);
  if (seconds < 5 && seconds > -60) return 'now';
  const unit = units.find(([limit]) => seconds >= 0 && seconds < limit);
  return unit === undefined
    ? `on ${calendarDay.format(time)}`
    : `${countOf(Math.floor(seconds / unit[1]), unit[2])} ago`;
}
