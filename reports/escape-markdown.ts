/** Longest dynamic text in a report unless told otherwise; whatever is longer ends in an ellipsis. */
const LONGEST = 300;

/**
 * Makes any text safe inside a line or a table cell of GitHub-flavoured markdown: it shows as it is and can open no
 * block, link, image, code, HTML, math, mention, issue reference or comment. Line breaks become spaces; control and
 * direction characters go. Every dynamic text of a report passes through here (or through `codeSpan`, `codeFence`).
 */
export function escapeMarkdown(text: string, longest = LONGEST): string {
  return (
    plainLine(text, longest)
      .replaceAll('&', '&amp;')
      .replace(/[\\`*[\]<|~]|(?<![a-z0-9])_|_(?![a-z0-9])/gi, '\\$&')
      // Lists, rules, headings and quotes begin a line; numbers such as -0.5 do not look like any of them.
      .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
      .replace(/^[=>]|^[-+](?!\d)/, '\\$&')
      .replace(/[@#]/g, (sign) => (sign === '#' ? `\\#${BREAK}` : `@${BREAK}`))
      .replace(/:(?=\/\/)/g, `:${BREAK}`)
      .replace(/\bwww(?=\.)/gi, `$&${BREAK}`)
      .replace(/\bGH(?=-\d)/gi, `$&${BREAK}`)
      .replaceAll('$', '&#36;')
  );
}

/** A zero-width space as an entity: breaks mentions, references and automatic links, and nothing that is read. */
const BREAK = '&#8203;';

/** One line of at most `longest` characters without control, direction or zero-width characters. */
export function plainLine(text: string, longest = LONGEST): string {
  const line = text
    .toWellFormed()
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Co}]/gu, '')
    .trim();
  const characters = Array.from(line);
  return characters.length <= longest ? line : `${characters.slice(0, longest - 1).join('')}…`;
}
