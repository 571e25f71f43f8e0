import { escapeHtml } from '../escape-html.ts';

/** HTML that holds no text from outside unescaped: made by `html`, or by `trusted` from what this repository wrote. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | readonly Part[];

/** Longest text that goes into a page at one place. */
const longest = 2000;

/** A template whose values are escaped, between tags and in quoted attributes alike, unless they are HTML already. */
export function html(parts: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(parts.map((part, at) => (at === 0 ? part : `${show(values[at - 1] ?? '')}${part}`)).join(''));
}

/** Text that is HTML already: a stylesheet of ours, a drawn picture. Never for anything from outside. */
export function trusted(text: string): Html {
  return new Html(text);
}

export const nothing = new Html('');

function show(value: Part): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(show).join('');
  return escapeHtml(String(value), longest);
}
