import { z } from 'zod';
import { type Api, gatherList, gatherMaybe } from '../github/gather.ts';
import {
  type Commit,
  commitShape,
  type Entry,
  entryShape,
  fileShape,
  type Release,
  releaseShape,
} from '../github/shapes.ts';
import { ago } from '../html/ago.ts';
import { avatar } from '../html/avatar.ts';
import { countOf } from '../html/count-of.ts';
import { type Html, html } from '../html/html.ts';
import { icon } from '../html/icon.ts';
import { shortSha } from '../html/short-sha.ts';
import type { Page } from '../layout/page.ts';
import { repositoryPage } from '../layout/repository-page.ts';
import { renderMarkdown } from '../markdown/render-markdown.ts';
import { decodeContent } from './decode-content.ts';
import { contentsPath, gatherTree, type TreeView } from './gather-tree.ts';
import { placeLink, renderFiles } from './render-files.ts';
import { renderPlace } from './render-place.ts';

type Home = {
  tree: TreeView;
  entries: Entry[];
  readme: { path: string; text: string } | null;
  latest: Commit | null;
  releases: Release[];
};

/** A folder of a repository with its README; at the root also what the repository is about. */
export async function showRepository(
  api: Api,
  { owner, repo, rest }: { owner: string; repo: string; rest: string },
  now: Date,
): Promise<Page> {
  const tree = await gatherTree(api, owner, repo, rest);
  const history = `/repos/${tree.repository}/commits?sha=${encodeURIComponent(tree.ref)}&per_page=1${tree.path === '' ? '' : `&path=${encodeURIComponent(tree.path)}`}`;
  const [entries, commits, releases] = await Promise.all([
    gatherMaybe(api, contentsPath(tree, tree.path), z.array(entryShape)),
    gatherMaybe(api, history, z.array(commitShape)),
    gatherList(api, `/repos/${tree.repository}/releases`, z.array(releaseShape), (page) => page),
  ]);
  const home = { tree, entries: entries ?? [], latest: commits?.[0] ?? null, releases };
  return renderHome({ ...home, readme: await gatherReadme(api, tree, home.entries) }, now);
}

async function gatherReadme(api: Api, tree: TreeView, entries: readonly Entry[]): Promise<Home['readme']> {
  const entry = entries.find((item) => item.type === 'file' && /^readme\.(md|markdown)$/i.test(item.name));
  const file = entry === undefined ? null : await gatherMaybe(api, contentsPath(tree, entry.path), fileShape);
  return file === null ? null : { path: file.path, text: decodeContent(file).toString('utf8') };
}

function renderHome(home: Home, now: Date): Page {
  const { tree, entries, readme } = home;
  const { repository } = tree.view;
  const files =
    entries.length === 0
      ? html`<div class="box blank"><h2>Nothing here yet</h2><p>Nobody has pushed to this place.</p></div>`
      : html`<section class="box" aria-label="Files">${renderLatest(home, now)}${renderFiles(entries, tree)}</section>`;
  const text =
    readme !== null &&
    html`<section class="box readme" aria-label="${readme.path}"><h2 class="readme-head">${icon('file')} ${readme.path.split('/').at(-1)}</h2>
${renderMarkdown(readme.text, { repository: tree.repository, tree: { ref: tree.ref, folder: tree.path } })}</section>`;
  const title = tree.path === '' ? (repository.description ?? repository.name) : tree.path;
  if (tree.path !== '') {
    return repositoryPage(tree.view, {
      tab: 'code',
      title,
      main: html`<h1 class="hidden">${tree.path}</h1>${renderPlace(tree)}${files}${text}`,
    });
  }
  const main = html`<div class="repo-head">${avatar(repository.owner.login, 24)}<h1>${repository.name}</h1><span class="pill">${repository.private ? 'Private' : 'Public'}</span></div>
<div class="columns"><div><div class="repo-bar">${renderPlace(tree)}
<a class="muted" href="${placeLink(tree, 'commits', '')}">${icon('branch')} ${countOf(tree.branches.length, 'branch').replace(/branchs$/, 'branches')}</a><a class="muted" href="/${tree.repository}/releases">${icon('tag')} ${countOf(tree.tags.length, 'tag')}</a></div>
${files}${text}</div>${renderAbout(home, now)}</div>`;
  return repositoryPage(tree.view, { tab: 'code', title, main });
}

function renderLatest({ tree, latest }: Home, now: Date): Html | null {
  if (latest === null) return null;
  const name = latest.author?.login ?? latest.commit.author?.name ?? 'ghost';
  const link = `/${tree.repository}/commit/${latest.sha}`;
  return html`<div class="latest">${avatar(name, 20)}<strong>${name}</strong><a class="latest-text muted" href="${link}">${latest.commit.message.split('\n')[0]}</a><span class="muted latest-end"><a class="mono muted" href="${link}">${shortSha(latest.sha)}</a> · ${ago(latest.commit.committer?.date, now)} · <a class="muted" href="${placeLink(tree, 'commits', '')}">History</a></span></div>`;
}

function renderAbout({ tree, releases }: Home, now: Date): Html {
  const published = releases.filter((release) => !release.draft);
  const newest = published.find((release) => !release.prerelease) ?? published[0];
  const base = `/${tree.repository}`;
  return html`<aside class="aside" aria-label="About"><section><h2>About</h2><p>${tree.view.repository.description ?? html`<span class="muted">No description.</span>`}</p></section>
<section><h2><a href="${base}/releases">Releases</a>${published.length > 0 && html` <span class="counter">${published.length}</span>`}</h2>
${newest === undefined ? html`<p class="muted">No releases published</p>` : html`<p class="release-line">${icon('tag', { tone: 'good' })} <a href="${base}/releases/tag/${encodeURI(newest.tag_name)}"><strong>${newest.name ?? newest.tag_name}</strong></a> <span class="pill pill-good">Latest</span><br><span class="muted">${ago(newest.published_at ?? newest.created_at, now)}</span></p>`}</section>
<section><h2><a href="${base}/deployments">Deployments</a></h2><p class="muted">What serves where, and since when.</p></section></aside>`;
}
