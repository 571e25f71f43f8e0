import { type Html, html } from '../html/html.ts';

/** A login as a link; an App's account goes by its name and the `bot` mark. */
export function renderUser(login: string): Html {
  const name = login.replace(/\[bot\]$/, '');
  const mark = login === name ? null : html` <span class="pill bot">bot</span>`;
  return html`<a class="user" href="/${name}">${name}</a>${mark}`;
}
