import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeHtml } from '../../../../sandbox/pages/html/escape-html.ts';
import { html, htmlText, trustedHtml } from '../../../../sandbox/pages/html/html.ts';
import { safeLink } from '../../../../sandbox/pages/html/safe-link.ts';

describe('html', () => {
  test('escapes every text and keeps markup', () => {
    const inner = html`<b>${'<&>'}</b>`;
    expect(htmlText(html`<p title="${'"\''}">${inner}${[1, null, false, undefined, ['a']]}</p>`)).toBe(
      '<p title="&quot;&#39;"><b>&lt;&amp;&gt;</b>1a</p>',
    );
  });

  test('takes an object for markup only when it was made here', () => {
    // A value parsed from JSON can look like markup but never carries the mark.
    const forged: unknown = JSON.parse('{"html":"<script>"}');
    expect(() => htmlText(html`${Object(forged)}`)).not.toThrow();
    expect(htmlText(html`${Object(forged)}`)).not.toContain('<script>');
    expect(htmlText(html`${trustedHtml('<i>')}`)).toBe('<i>');
  });

  test('escaped text has no character that could end an attribute or begin a tag, and can be read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'<>&"\';#lt3 é') }), (text) => {
        const escaped = escapeHtml(text);
        expect(escaped).not.toMatch(/[<>"']/);
        const back = escaped
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&quot;', '"')
          .replaceAll('&#39;', "'")
          .replaceAll('&amp;', '&');
        expect(back).toBe(text);
      }),
    );
  });
});

test.for([
  ['/acme/flights', '/acme/flights'],
  ['https://example.com/a', 'https://example.com/a'],
  ['javascript:alert(1)', null],
  ['//example.com', null],
  ['/\\example.com', null],
  ['data:text/html,x', null],
  [null, null],
] as const)('a link to %s leads to %s', ([address, expected]) => {
  expect(safeLink(address)).toBe(expected);
});
