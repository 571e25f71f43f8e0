import { markdownTable } from 'markdown-table';
import { escapeMarkdown } from './escape-markdown.ts';

export type Column = { title: string; align?: 'right' };
/** A table of plain texts, whatever it is shown as: whoever shows it escapes them. */
export type PlainTable = { columns: readonly Column[]; rows: readonly (readonly string[])[] };

/** As markdown, every cell escaped; rows past `most` are counted. */
export function plainTable({ columns, rows }: PlainTable, most: number): string {
  const shown = rows.slice(0, most).map((cells) => cells.map((cell) => escapeMarkdown(cell)));
  const table = markdownTable([columns.map(({ title }) => escapeMarkdown(title)), ...shown], {
    align: columns.map(({ align }) => (align === 'right' ? 'r' : 'l')),
    alignDelimiters: false,
  });
  return rows.length <= most ? table : `${table}\n\n…and ${rows.length - most} more.`;
}
