import { z } from 'zod';
import { renderDiff } from '../diff/render-diff.ts';
import { type Api, gatherList } from '../github/gather.ts';
import { changedFileShape } from '../github/shapes.ts';
import { html } from '../html/html.ts';
import type { Page } from '../layout/page.ts';
import { gatherPull } from './gather-pull.ts';
import { pullPage } from './pull-page.ts';

export async function showPullFiles(
  api: Api,
  { owner, repo, number }: { owner: string; repo: string; number: string },
  now: Date,
): Promise<Page> {
  const shown = await gatherPull(api, owner, repo, number);
  const path = `/repos/${shown.repository}/pulls/${shown.pull.number}/files`;
  const files = await gatherList(api, path, z.array(changedFileShape), (page) => page);
  const content = html`<h2 class="hidden">Files changed</h2>${renderDiff(files)}`;
  return pullPage({ ...shown, changedFiles: files.length }, 'files', content, now);
}
