import { renderUser } from '../comments/render-user.ts';
import { type Api, gatherMaybe } from '../github/gather.ts';
import { type User, userShape } from '../github/shapes.ts';
import { avatar } from '../html/avatar.ts';
import { type Html, html } from '../html/html.ts';
import { safeLink } from '../html/safe-link.ts';
import type { Page } from '../layout/page.ts';
import { renderSiteHeader } from '../layout/render-site-header.ts';
import { gatherOwned } from './gather-owned.ts';
import { renderRepositories } from './render-repositories.ts';

/** A place worth looking at, in the order in which it came to be: a chapter's step and where it can be seen. */
export type StoryLink = { chapter: string; text: string; link: string };

/** Where everything starts: repositories, people, and the links of the story as it goes. */
export async function showFront(
  api: Api,
  { accounts, story }: { accounts: readonly string[]; story: readonly StoryLink[] },
  now: Date,
): Promise<Page> {
  const found = await Promise.all(
    accounts.map((login) => gatherMaybe(api, `/users/${encodeURIComponent(login)}`, userShape)),
  );
  const people = found.filter((user) => user !== null);
  const repositories = (await Promise.all(people.map((user) => gatherOwned(api, user)))).flat();
  const main = html`<h1 class="page-title">Local GitHub</h1><p class="lead">Everything below is real: git, pull requests, workflows and releases, on this machine only.</p>
<div class="columns"><div id="live-front" data-live>${renderStory(story)}<section class="box list"><h2 class="list-head">Repositories</h2>${renderRepositories(repositories, now)}</section></div>
<aside class="aside" aria-label="People"><section id="live-people" data-live><h2>People</h2><ul class="people">${people.map((user) => renderPerson(user))}</ul></section></aside></div>`;
  return {
    title: 'Local GitHub',
    header: renderSiteHeader([{ name: 'Local GitHub', link: '/' }], null),
    main,
    moving: false,
  };
}

function renderStory(story: readonly StoryLink[]): Html | null {
  if (story.length === 0) return null;
  const chapters = [...new Set(story.map(({ chapter }) => chapter))];
  return html`<section class="box story" aria-labelledby="story-title"><h2 class="list-head" id="story-title">The story so far</h2><ol class="chapters">${chapters.map(
    (chapter) =>
      html`<li><h3>${chapter}</h3><ul>${story
        .filter((item) => item.chapter === chapter)
        .map((item) => html`<li><a href="${safeLink(item.link) ?? '/'}">${item.text}</a></li>`)}</ul></li>`,
  )}</ol></section>`;
}

function renderPerson(user: User): Html {
  return html`<li>${avatar(user.login, 20)} ${renderUser(user.login)}</li>`;
}
