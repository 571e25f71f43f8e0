import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { htmlText } from '../../../../sandbox/pages/html/html.ts';
import { renderMarkdown } from '../../../../sandbox/pages/markdown/render-markdown.ts';

const place = { repository: 'acme/flights' };
const render = (text: string, where: Parameters<typeof renderMarkdown>[1] = place) =>
  htmlText(renderMarkdown(text, where));

describe('GitHub-flavoured markdown', () => {
  test('keeps tables, their alignment, task lists and folded parts', () => {
    expect(render('| a | b |\n|---|---:|\n| 1 | 2 |')).toContain('<td align="right">2</td>');
    expect(render('- [x] done')).toContain('<input type="checkbox" checked disabled>');
    expect(render('<details><summary>More</summary>\n\n**in**\n\n</details>')).toMatch(
      /<details><summary>More<\/summary>\s*<p><strong>in<\/strong><\/p>\s*<\/details>/,
    );
  });

  test('drops hidden comments', () => {
    expect(render('<!-- pulltrain:report model=m -->\n# Title')).not.toContain('pulltrain');
  });

  test('links people, numbers and commits, but not in code, links and mail addresses', () => {
    const sha = 'a'.repeat(40);
    expect(render(`@maya see #12 and ${sha}`)).toBe(
      `<div class="markdown"><p><a class="mention" href="/maya">@maya</a> see <a href="/acme/flights/issues/12">#12</a> and <a href="/acme/flights/commit/${sha}"><code>aaaaaaa</code></a></p></div>`,
    );
    expect(render('`@maya #12`')).toContain('<code>@maya #12</code>');
    expect(render('[@maya](/x)')).toContain('<a href="/x">@maya</a>');
    expect(render('me@example.com')).not.toContain('mention');
  });

  test('turns marked quotes into alert boxes and colours diffs', () => {
    expect(render('> [!WARNING]\n> careful')).toContain('<div class="alert alert-warning"><p class="alert-title">');
    expect(render('```diff\n+ new\n- old\n```')).toContain('<span class="line added">+ new');
  });

  test('resolves the relative links of a file, and no others', () => {
    const where = { ...place, tree: { ref: 'main', folder: 'docs' } };
    expect(render('[a](guide.md#x)', where)).toContain('href="/acme/flights/blob/main/docs/guide.md#x"');
    expect(render('[a](../README.md)', where)).toContain('href="/acme/flights/blob/main/README.md"');
    expect(render('![a](a.png)', where)).toContain('src="/acme/flights/raw/main/docs/a.png"');
    expect(render('[a](https://example.com/)', where)).toContain('href="https://example.com/"');
    expect(render('[a](#part)', where)).toContain('href="#part"');
  });
});

describe('hostile markdown', () => {
  const attacks = [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[x](javascript:alert(1))',
    '<a href="javascript:alert(1)">x</a>',
    '<svg onload=alert(1)>',
    '<iframe src="/"></iframe>',
    '<style>*{display:none}</style>',
    '<form action="/"><button>x</button></form>',
    '<p style="position:fixed" class="merge-box" id="main">x</p>',
    '</div></article><main>',
    '> [!NOTE]\n> <script>alert(1)</script>',
    '```diff\n+ <script>alert(1)</script>\n```',
  ];
  const pieces = fc.array(fc.oneof(fc.constantFrom(...attacks), fc.string({ maxLength: 12 })), { maxLength: 6 });

  test('never becomes script, handler, style, frame or form', () => {
    fc.assert(
      fc.property(pieces, (parts) => {
        const shown = render(parts.join('\n\n'));
        const tags = shown.match(/<[a-z][^>]*>/gi) ?? [];
        for (const tag of tags) {
          expect(tag).not.toMatch(/^<(script|style|iframe|svg|form|button|main|article)\b/i);
          expect(tag).not.toMatch(/\s(on\w+|style)\s*=/i);
          expect(tag).not.toMatch(/javascript:/i);
          expect(tag).not.toMatch(/\sid="(?!user-content-)/);
        }
        expect(shown.endsWith('</div>')).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
