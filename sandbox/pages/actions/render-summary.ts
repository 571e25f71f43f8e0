import type { Job } from '../github/shapes.ts';
import { type Html, html } from '../html/html.ts';
import { renderMarkdown } from '../markdown/render-markdown.ts';

/** A job's summary as a box of its own. */
export function renderSummary(job: Job, text: string, repository: string): Html {
  return html`<section class="box"><h2 class="list-head">${job.name} summary</h2><div class="summary">${renderMarkdown(text, { repository })}</div></section>`;
}
