import { type Api, gatherOne } from '../github/gather.ts';
import { fileShape } from '../github/shapes.ts';
import { byteSize } from '../html/byte-size.ts';
import { countOf } from '../html/count-of.ts';
import { type Html, html } from '../html/html.ts';
import type { Page } from '../layout/page.ts';
import { repositoryPage } from '../layout/repository-page.ts';
import { renderMarkdown } from '../markdown/render-markdown.ts';
import { decodeContent } from './decode-content.ts';
import { contentsPath, gatherTree, type TreeView } from './gather-tree.ts';
import { placeLink } from './render-files.ts';
import { renderPlace } from './render-place.ts';

/** One file: markdown rendered, text with line numbers, anything else as a download. */
export async function showBlob(
  api: Api,
  { owner, repo, rest }: { owner: string; repo: string; rest: string },
): Promise<Page> {
  const tree = await gatherTree(api, owner, repo, rest);
  const file = await gatherOne(api, contentsPath(tree, tree.path), fileShape);
  const bytes = decodeContent(file);
  const name = tree.path.split('/').at(-1) ?? tree.path;
  const main = html`<h1 class="hidden">${tree.path}</h1>${renderPlace(tree)}
<section class="box" aria-label="${name}"><div class="blob-head"><span class="muted">${factsOf(bytes)}${byteSize(file.size)}</span><a class="button" href="${placeLink(tree, 'raw', tree.path)}">Raw</a></div>
${renderBody(bytes, tree)}</section>`;
  return repositoryPage(tree.view, { tab: 'code', title: tree.path, main });
}

function renderBody(bytes: Buffer, tree: TreeView): Html {
  if (bytes.includes(0)) return html`<p class="blank">Binary file, not shown.</p>`;
  const text = bytes.toString('utf8');
  if (/\.(md|markdown)$/i.test(tree.path)) {
    const folder = tree.path.split('/').slice(0, -1).join('/');
    return renderMarkdown(text, { repository: tree.repository, tree: { ref: tree.ref, folder } });
  }
  const rows = linesOf(text).map(
    (line, index) =>
      html`<tr id="L${index + 1}"><td class="number"><a href="#L${index + 1}">${index + 1}</a></td><td class="code">${line}</td></tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Lines"><table class="code-lines"><tbody>${rows}</tbody></table></div>`;
}

function factsOf(bytes: Buffer): string {
  return bytes.includes(0) ? '' : `${countOf(linesOf(bytes.toString('utf8')).length, 'line')} · `;
}

function linesOf(text: string): string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}
