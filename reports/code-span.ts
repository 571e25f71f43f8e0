import { escapeMarkdown, plainLine } from './escape-markdown.ts';

/** A name, path or digest in code type; text that could end the span or a table cell is escaped as prose instead. */
export function codeSpan(text: string): string {
  const line = plainLine(text);
  return /^[\w.@/:+=,<> -]+$/.test(line) ? `\`${line}\`` : escapeMarkdown(line);
}
