import { type Html, html, trustedHtml } from '../html/html.ts';

const mark = trustedHtml(
  '<svg class="mark" width="32" height="32" viewBox="0 0 32 32" aria-hidden="true"><circle cx="16" cy="16" r="16"/><path d="M9 22.5V13a4 4 0 0 1 4-4h6a4 4 0 0 1 4 4v9.5M9 19h14M12.5 13.5h7M12 22.5l-2 3M20 22.5l2 3" fill="none" stroke-width="2" stroke-linecap="round"/></svg>',
);

export type Crumb = { name: string; link: string };

/** The bar on top of every page: mark, where we are, and (inside a repository) its tabs. */
export function renderSiteHeader(crumbs: readonly Crumb[], tabs: Html | null): Html {
  const path = crumbs.map(
    ({ name, link }, index) =>
      html`<li><a href="${link}"${index === crumbs.length - 1 && html` class="here"`}>${name}</a></li>`,
  );
  return html`<header class="site">
<div class="site-bar"><a class="home" href="/" aria-label="Local GitHub, front page">${mark}</a>
<nav aria-label="Breadcrumb"><ol class="crumbs">${path}</ol></nav></div>${tabs}</header>`;
}
