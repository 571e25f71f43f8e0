import { plainLine } from '../escape-markdown.ts';

/** Name of a column, group, file or anything else from outside, short enough for a cell or a legend; never empty. */
export function shortName(name: string, longest = 60): string {
  return plainLine(name, longest) || '(empty)';
}
