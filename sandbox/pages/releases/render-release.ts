import { renderUser } from '../comments/render-user.ts';
import type { Release } from '../github/shapes.ts';
import { ago } from '../html/ago.ts';
import { byteSize } from '../html/byte-size.ts';
import { type Html, html } from '../html/html.ts';
import { icon } from '../html/icon.ts';
import { safeLink } from '../html/safe-link.ts';
import { renderMarkdown } from '../markdown/render-markdown.ts';

/** One release: notes and assets with size and digest. `heading` is the level its title has on the page. */
export function renderRelease(release: Release, repository: string, latest: boolean, heading: 1 | 2, now: Date): Html {
  const link = `/${repository}/releases/tag/${encodeURI(release.tag_name)}`;
  const name = release.name ?? release.tag_name;
  const title = heading === 1 ? html`<h1>${name}</h1>` : html`<h2><a href="${link}">${name}</a></h2>`;
  return html`<article class="box release"><header>${title}${release.draft && html`<span class="pill">Draft</span>`}${release.prerelease && html`<span class="pill pill-busy">Pre-release</span>`}${latest && html`<span class="pill pill-good">Latest</span>`}${release.immutable === true && html`<span class="pill">Immutable</span>`}</header>
<p class="muted release-facts">${release.author && html`${renderUser(release.author.login)} released this `}${ago(release.published_at ?? release.created_at, now)} · ${icon('tag')} <a class="muted" href="/${repository}/tree/${encodeURI(release.tag_name)}">${release.tag_name}</a></p>
${release.body && renderMarkdown(release.body, { repository })}${renderAssets(release, now)}</article>`;
}

function renderAssets({ assets, id }: Release, now: Date): Html {
  const rows = assets.map((asset) => {
    const link = safeLink(asset.browser_download_url);
    return html`<tr><th scope="row">${icon('package', { tone: 'calm' })} ${link === null ? asset.name : html`<a href="${link}">${asset.name}</a>`}</th><td class="mono digest" data-name="Digest">${asset.digest ?? '–'}</td><td data-name="Size">${byteSize(asset.size)}</td><td data-name="Uploaded">${ago(asset.created_at, now)}</td></tr>`;
  });
  return html`<details class="assets" id="assets-${id}" open><summary><h3>Assets <span class="counter">${assets.length}</span></h3></summary>
${assets.length === 0 ? html`<p class="blank">No files.</p>` : html`<div class="scroll" tabindex="0" role="region" aria-label="Assets"><table class="facts"><thead><tr><th scope="col">File</th><th scope="col">Digest</th><th scope="col">Size</th><th scope="col">Uploaded</th></tr></thead><tbody>${rows}</tbody></table></div>`}</details>`;
}
