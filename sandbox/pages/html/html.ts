import { escapeHtml } from './escape-html.ts';

const marked = Symbol('html');

/** Markup that is safe to put on a page as it stands. Made by `html`, or by `trustedHtml` for what is already clean. */
export type Html = { readonly [marked]: string };
export type HtmlValue = Html | string | number | null | undefined | false | readonly HtmlValue[];

/** Builds markup. Every interpolated text is escaped, so that no text of a repository becomes an element or attribute. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return trustedHtml(parts.reduce((text, part, index) => text + markupOf(values[index - 1]) + part));
}

/** Marks text as clean markup. Only for our own constants and for the output of the markdown sanitizer. */
export function trustedHtml(text: string): Html {
  return { [marked]: text };
}

export function htmlText(value: Html): string {
  return value[marked];
}

function markupOf(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  if (isList(value)) return value.map(markupOf).join('');
  return value[marked];
}

function isList(value: HtmlValue): value is readonly HtmlValue[] {
  return Array.isArray(value);
}
