import { type Html, html } from '../html/html.ts';
import { type IconName, icon } from '../html/icon.ts';

/** The head of a list of issues or pull requests: how many are open and closed, and the switch between them. */
export function renderStateFilter(filter: {
  path: string;
  shown: 'open' | 'closed';
  open: number;
  closed: number;
  icon: IconName;
}): Html {
  const link = (state: 'open' | 'closed', sign: IconName, count: number, word: string) =>
    html`<a href="${filter.path}?state=${state}"${filter.shown === state && html` aria-current="true"`}>${icon(sign)}${count} ${word}</a>`;
  return html`<div class="list-head">${link('open', filter.icon, filter.open, 'Open')}${link('closed', 'check', filter.closed, 'Closed')}</div>`;
}
