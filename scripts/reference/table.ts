/** The first lines of every generated page. */
export function pageHead(title: string, source: string): string {
  return `<!-- Written by \`npm run generate\` from ${source}. -->\n\n# ${title}\n`;
}

/** A table; cells are markdown, only what would break the table is escaped. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function cell(text: string): string {
  return text
    .replace(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|')
    .trim();
}
