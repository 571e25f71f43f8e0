import type { Api } from '../github/gather.ts';
import { html } from '../html/html.ts';
import type { Page } from '../layout/page.ts';
import { renderCommits } from '../repository/render-commits.ts';
import { gatherPull } from './gather-pull.ts';
import { pullPage } from './pull-page.ts';

export async function showPullCommits(
  api: Api,
  { owner, repo, number }: { owner: string; repo: string; number: string },
  now: Date,
): Promise<Page> {
  const shown = await gatherPull(api, owner, repo, number);
  const content = html`<h2 class="hidden">Commits</h2>${renderCommits(shown.commits, shown.repository, now)}`;
  return pullPage(shown, 'commits', content, now);
}
