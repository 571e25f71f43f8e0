import { type Api, gatherMaybe } from '../github/gather.ts';
import { PageError } from '../github/page-error.ts';
import { userShape } from '../github/shapes.ts';
import { avatar } from '../html/avatar.ts';
import { html } from '../html/html.ts';
import type { Page } from '../layout/page.ts';
import { renderSiteHeader } from '../layout/render-site-header.ts';
import { gatherOwned } from './gather-owned.ts';
import { renderRepositories } from './render-repositories.ts';

/** A person, organisation or App, and the repositories it owns. */
export async function showOwner(api: Api, owner: string, now: Date): Promise<Page> {
  const path = `/users/${encodeURIComponent(owner)}`;
  // An App's account is called `name[bot]`, and its page goes by the name alone.
  const user = (await gatherMaybe(api, path, userShape)) ?? (await gatherMaybe(api, `${path}%5Bbot%5D`, userShape));
  if (user === null) throw new PageError(404, `Nobody is called ${owner}`);
  const owned = await gatherOwned(api, user);
  const main = html`<div class="owner-head">${avatar(user.login, 64)}<h1>${user.login}</h1>${user.type !== 'User' && html`<span class="pill">${user.type}</span>`}</div>
<section class="box list"><h2 class="list-head">Repositories</h2>${renderRepositories(owned, now)}</section>`;
  return {
    title: user.login,
    header: renderSiteHeader([{ name: user.login, link: `/${user.login}` }], null),
    main,
    moving: false,
  };
}
