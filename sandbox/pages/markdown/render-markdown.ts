import rehypeRaw from 'rehype-raw';
import rehypeSanitize from 'rehype-sanitize';
import rehypeStringify from 'rehype-stringify';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';
import { type Html, trustedHtml } from '../html/html.ts';
import { colourDiffs } from './colour-diffs.ts';
import { linkReferences } from './link-references.ts';
import { markAlerts } from './mark-alerts.ts';
import { resolveLinks } from './resolve-links.ts';

/** Where a text stands: `acme/flight-delays`, and for files the tree and folder that relative links start from. */
export type MarkdownPlace = { repository: string; tree?: { ref: string; folder: string } };

/**
 * GitHub-flavoured markdown as clean markup. HTML inside goes through GitHub's own allow-list (the sanitizer's default
 * schema); what we add ourselves (links of references, alert boxes, diff colours) is added after it.
 */
export function renderMarkdown(text: string, place: MarkdownPlace): Html {
  const clean = unified()
    .use(remarkParse)
    .use(remarkGfm)
    .use(remarkRehype, { allowDangerousHtml: true })
    .use(rehypeRaw)
    .use(rehypeSanitize)
    .use(resolveLinks, place)
    .use(markAlerts)
    .use(colourDiffs)
    .use(linkReferences, place)
    .use(rehypeStringify)
    .processSync(text);
  return trustedHtml(`<div class="markdown">${String(clean)}</div>`);
}
