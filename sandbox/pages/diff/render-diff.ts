import type { ChangedFile } from '../github/shapes.ts';
import { countOf } from '../html/count-of.ts';
import { type Html, html } from '../html/html.ts';
import { parsePatch } from './parse-patch.ts';

/** The files of a change, each as a coloured diff. */
export function renderDiff(files: readonly ChangedFile[]): Html {
  const added = sum(files.map((file) => file.additions));
  const removed = sum(files.map((file) => file.deletions));
  return html`<p class="diff-summary">Showing <strong>${countOf(files.length, 'changed file')}</strong> with <strong class="plus">${countOf(added, 'addition')}</strong> and <strong class="minus">${countOf(removed, 'deletion')}</strong>.</p>
${files.map(renderFile)}`;
}

function renderFile(file: ChangedFile, index: number): Html {
  const renamed = file.previous_filename !== undefined && file.previous_filename !== file.filename;
  const name = renamed ? `${file.previous_filename} → ${file.filename}` : file.filename;
  return html`<section class="box diff-file" id="diff-${index}"><details open><summary class="diff-head"><h3 class="mono">${name}</h3>
${file.status !== 'modified' && html`<span class="pill">${file.status}</span>`}
<span class="diff-count"><span class="plus">+${file.additions}</span> <span class="minus">−${file.deletions}</span></span></summary>
${file.patch === undefined ? html`<p class="blank">No text to show: the file is binary, too large, or unchanged in content.</p>` : renderPatch(file.patch, file.filename)}</details></section>`;
}

function renderPatch(patch: string, name: string): Html {
  const rows = parsePatch(patch).map(
    (line) =>
      html`<tr class="${line.kind}"><td class="number">${line.old}</td><td class="number">${line.new}</td><td class="sign">${line.sign}</td><td class="code">${line.text}</td></tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Changes of ${name}"><table class="diff"><tbody>${rows}</tbody></table></div>`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
