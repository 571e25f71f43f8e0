import { z } from 'zod';
import { type Api, gatherList, gatherOne } from '../github/gather.ts';
import { gatherRepository } from '../github/gather-repository.ts';
import { type Release, releaseShape } from '../github/shapes.ts';
import { html } from '../html/html.ts';
import type { Page } from '../layout/page.ts';
import { repositoryPage } from '../layout/repository-page.ts';
import { renderRelease } from './render-release.ts';

type Address = { owner: string; repo: string };

/** All releases, newest first. */
export async function showReleases(api: Api, { owner, repo }: Address, now: Date): Promise<Page> {
  const view = await gatherRepository(api, owner, repo);
  const repository = view.repository.full_name;
  const releases = await gatherList(api, `/repos/${repository}/releases`, z.array(releaseShape), (page) => page);
  const newest = latestOf(releases);
  const list =
    releases.length === 0
      ? html`<div class="box blank"><h2>No releases yet</h2><p>A release appears when a reviewed model is merged.</p></div>`
      : releases.map((release) => renderRelease(release, repository, release.id === newest?.id, 2, now));
  const main = html`<h1 class="page-title">Releases</h1><div id="live-releases" data-live>${list}</div>`;
  return repositoryPage(view, { tab: 'releases', title: 'Releases', main });
}

/** One release, by its tag. */
export async function showRelease(api: Api, { owner, repo, tag }: Address & { tag: string }, now: Date): Promise<Page> {
  const view = await gatherRepository(api, owner, repo);
  const repository = view.repository.full_name;
  const path = `/repos/${repository}/releases`;
  const [release, all] = await Promise.all([
    gatherOne(api, `${path}/tags/${encodeURIComponent(tag)}`, releaseShape),
    gatherList(api, path, z.array(releaseShape), (page) => page),
  ]);
  const main = html`<div id="live-release" data-live>${renderRelease(release, repository, release.id === latestOf(all)?.id, 1, now)}</div>`;
  return repositoryPage(view, { tab: 'releases', title: `Release ${release.name ?? release.tag_name}`, main });
}

function latestOf(releases: readonly Release[]): Release | undefined {
  return releases.find((release) => !release.draft && !release.prerelease);
}
