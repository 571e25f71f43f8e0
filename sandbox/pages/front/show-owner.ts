import { z } from 'zod';
import { type Api, gatherList, gatherMaybe } from '../github/gather.ts';
import { PageError } from '../github/page-error.ts';
import { repositoryShape, userShape } from '../github/shapes.ts';
import { avatar } from '../html/avatar.ts';
import { html } from '../html/html.ts';
import type { Page } from '../layout/page.ts';
import { renderSiteHeader } from '../layout/render-site-header.ts';
import { renderRepositories } from './show-front.ts';

/** A person, organisation or App, and the repositories it owns. */
export async function showOwner(api: Api, owner: string, now: Date): Promise<Page> {
  const login = encodeURIComponent(owner);
  const user =
    (await gatherMaybe(api, `/users/${login}`, userShape)) ??
    (await gatherMaybe(api, `/users/${login}[bot]`, userShape));
  const all = await gatherList(api, '/repositories', z.array(repositoryShape), (page) => page);
  const owned = all.filter((repository) => repository.owner.login.toLowerCase() === owner.toLowerCase());
  if (user === null && owned.length === 0) throw new PageError(404, `Nobody is called ${owner}`);
  const name = user?.login ?? owner;
  const main = html`<div class="owner-head">${avatar(name, 64)}<h1>${name}</h1>${user !== null && user.type !== 'User' && html`<span class="pill">${user.type}</span>`}</div>
<section class="box list"><h2 class="list-head">Repositories</h2>${renderRepositories(owned, now)}</section>`;
  return { title: name, header: renderSiteHeader([{ name, link: `/${name}` }], null), main, moving: false };
}
