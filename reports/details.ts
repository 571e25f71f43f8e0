import { escapeHtml } from './escape-html.ts';

/**
 * A collapsed section. `summary` is plain text: it stands in HTML, where markdown does not reach, so it is escaped as HTML and
 * its mentions and references are broken. Both lines around the content are blank, so that its markdown is read as markdown.
 */
export function details(summary: string, content: string): string {
  const shown = escapeHtml(summary)
    .replace(/@|(?<!&)#/g, '$&&#8203;')
    .replace(/\bGH(?=-\d)/gi, '$&&#8203;');
  return `<details>\n<summary>${shown}</summary>\n\n${content}\n\n</details>`;
}
