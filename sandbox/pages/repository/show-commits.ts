import { z } from 'zod';
import { type Api, gatherMaybe } from '../github/gather.ts';
import { commitShape } from '../github/shapes.ts';
import { html } from '../html/html.ts';
import type { Page } from '../layout/page.ts';
import { repositoryPage } from '../layout/repository-page.ts';
import { gatherTree } from './gather-tree.ts';
import { renderCommits } from './render-commits.ts';
import { renderPlace } from './render-place.ts';

/** The newest 100 commits of a ref, or of one path on it. */
export async function showCommits(
  api: Api,
  { owner, repo, rest }: { owner: string; repo: string; rest: string },
  now: Date,
): Promise<Page> {
  const tree = await gatherTree(api, owner, repo, rest);
  const path = tree.path === '' ? '' : `&path=${encodeURIComponent(tree.path)}`;
  const list = `/repos/${tree.repository}/commits?sha=${encodeURIComponent(tree.ref)}&per_page=100${path}`;
  const commits = (await gatherMaybe(api, list, z.array(commitShape))) ?? [];
  const main = html`<h1 class="page-title">Commits</h1>${renderPlace(tree)}${renderCommits(commits, tree.repository, now)}`;
  return repositoryPage(tree.view, { tab: 'code', title: `Commits · ${tree.ref}`, main });
}
