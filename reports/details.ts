/** A collapsed section; both lines around the content are blank, so that its markdown is read as markdown. */
export function details(summary: string, content: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${content}\n\n</details>`;
}
