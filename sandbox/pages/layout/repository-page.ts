import type { RepositoryView } from '../github/gather-repository.ts';
import { type Html, html } from '../html/html.ts';
import { type IconName, icon } from '../html/icon.ts';
import type { Page } from './page.ts';
import { renderSiteHeader } from './render-site-header.ts';

export type Tab = 'code' | 'issues' | 'pulls' | 'actions' | 'deployments' | 'releases';

const tabs: readonly { tab: Tab; name: string; icon: IconName; path: string }[] = [
  { tab: 'code', name: 'Code', icon: 'code', path: '' },
  { tab: 'issues', name: 'Issues', icon: 'issue', path: '/issues' },
  { tab: 'pulls', name: 'Pull requests', icon: 'pull', path: '/pulls' },
  { tab: 'actions', name: 'Actions', icon: 'play', path: '/actions' },
  { tab: 'releases', name: 'Releases', icon: 'tag', path: '/releases' },
  { tab: 'deployments', name: 'Deployments', icon: 'rocket', path: '/deployments' },
];

/** A page inside a repository: the header with its tabs around `main`. */
export function repositoryPage(
  view: RepositoryView,
  page: { tab: Tab; title: string; main: Html; moving?: boolean },
): Page {
  const { full_name: name, owner } = view.repository;
  const counts: Partial<Record<Tab, number>> = { issues: view.openIssues, pulls: view.openPulls };
  const items = tabs.map(
    (item) => html`<li><a href="/${name}${item.path}"${item.tab === page.tab && html` aria-current="page"`}>
${icon(item.icon)}<span>${item.name}</span>${counterOf(counts[item.tab])}</a></li>`,
  );
  return {
    title: `${page.title} · ${name}`,
    header: renderSiteHeader(
      [
        { name: owner.login, link: `/${owner.login}` },
        { name: view.repository.name, link: `/${name}` },
      ],
      html`<nav class="tabs" aria-label="Repository"><ul id="live-tabs" data-live>${items}</ul></nav>`,
    ),
    main: page.main,
    moving: page.moving ?? false,
  };
}

function counterOf(count: number | undefined): Html | null {
  return count === undefined || count === 0 ? null : html` <span class="counter">${count}</span>`;
}
