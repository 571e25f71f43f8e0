import { renderUser } from '../comments/render-user.ts';
import { type Api, gatherMaybe } from '../github/gather.ts';
import { type User, userShape } from '../github/shapes.ts';
import { avatar } from '../html/avatar.ts';
import { countOf } from '../html/count-of.ts';
import { type Html, html } from '../html/html.ts';
import { icon } from '../html/icon.ts';
import { safeLink } from '../html/safe-link.ts';
import type { Page } from '../layout/page.ts';
import { renderSiteHeader } from '../layout/render-site-header.ts';
import { gatherOwned } from './gather-owned.ts';
import { renderRepositories } from './render-repositories.ts';

/** One thing that happened: where it can be seen, what came of it in words, and whether it ended well on GitHub. */
export type StoryStep = { text: string; link: string | null; note: string | null; outcome: 'good' | 'bad' };
/** A chapter in order of time. `running` is under way; facts are claims about the chapter, checked by the API. */
export type StoryChapter = {
  title: string;
  steps: readonly StoryStep[];
  running: string | null;
  facts: { held: number; broken: number };
};

/** Where everything starts: repositories, people, and the story as it goes. */
export async function showFront(
  api: Api,
  { accounts, story }: { accounts: readonly string[]; story: readonly StoryChapter[] },
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

function renderStory(story: readonly StoryChapter[]): Html | null {
  if (story.length === 0) return null;
  return html`<section class="box story" aria-labelledby="story-title"><h2 class="list-head" id="story-title">The story so far</h2><ol class="chapters">${story.map(
    (chapter) =>
      html`<li><h3>${chapter.title} ${renderFacts(chapter.facts)}</h3><ul>${chapter.steps.map((step) => renderStep(step))}${
        chapter.running !== null &&
        html`<li class="story-step">${icon('spinner', { label: 'Under way', tone: 'busy' })}<span>${chapter.running}</span></li>`
      }</ul></li>`,
  )}</ol></section>`;
}

function renderStep({ text, link, note, outcome }: StoryStep): Html {
  const address = link === null ? null : safeLink(link);
  const sign =
    outcome === 'good'
      ? icon('check', { label: 'Done', tone: 'good' })
      : icon('x', { label: 'Ended red', tone: 'bad' });
  return html`<li class="story-step">${sign}<span>${address === null ? text : html`<a href="${address}">${text}</a>`}${note !== null && html` <span class="muted">${note}</span>`}</span></li>`;
}

function renderFacts({ held, broken }: StoryChapter['facts']): Html | null {
  if (held + broken === 0) return null;
  return broken === 0
    ? html`<span class="pill pill-good">${countOf(held, 'fact')} checked</span>`
    : html`<span class="pill pill-bad">${broken} of ${held + broken} facts do not hold</span>`;
}

function renderPerson(user: User): Html {
  return html`<li>${avatar(user.login, 20)} ${renderUser(user.login)}</li>`;
}
