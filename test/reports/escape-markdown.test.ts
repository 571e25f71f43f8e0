import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeFence } from '../../reports/code-fence.ts';
import { codeSpan } from '../../reports/code-span.ts';
import { escapeMarkdown } from '../../reports/escape-markdown.ts';
import { hostileTexts } from './judgements.ts';
import { blocksOf, nodesOf, proseOf } from './structure.ts';

const forbidden = [
  'html',
  'link',
  'image',
  'linkReference',
  'imageReference',
  'footnoteReference',
  'emphasis',
  'strong',
  'delete',
  'inlineCode',
  'break',
];
const anyText = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom(...'@#<>[]()!`~*_|\\/:.&$^-+=1 \n\twhtps') }),
);

describe('escaped text', () => {
  test('opens nothing, wherever it is put', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const escaped = escapeMarkdown(text);
        for (const place of [`x ${escaped} y`, `a${escaped}b`]) {
          expect(blocksOf(place)).toEqual(['root', ['paragraph']]);
          for (const type of forbidden) expect(nodesOf(place, type), `${type} in ${place}`).toEqual([]);
        }
        const cell = `| h |\n|---|\n| ${escaped} |`;
        expect(blocksOf(cell)).toEqual([
          'root',
          [
            [
              'table',
              [
                ['tableRow', ['tableCell']],
                ['tableRow', ['tableCell']],
              ],
            ],
          ],
        ]);
        if (escaped !== '')
          expect(blocksOf(`- ${escaped}`)).toEqual(['root', [['list', [['listItem', ['paragraph']]]]]]);
        if (escaped !== '') expect(blocksOf(escaped)).toEqual(['root', ['paragraph']]);
      }),
      { numRuns: 150 },
    );
  });

  test('mentions nobody and refers to no issue', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(proseOf(`x ${escapeMarkdown(text)}`)).not.toMatch(/@[\w-]|#\d|\bGH-\d/i);
      }),
      { numRuns: 150 },
    );
  });

  test('reads as it was written', () => {
    expect(proseOf(escapeMarkdown('a_b*c|d<e>&amp; $5 1.2 [x] (y)'))).toBe('a_b*c|d<e>&amp; $5 1.2 [x] (y)');
    for (const text of ['flight-delay 0.6312', 'roc_auc >= base - 0.002', 'better (+0.1, 95 % CI)']) {
      expect(escapeMarkdown(text)).toBe(text);
    }
  });

  test('is cut, and loses control and direction characters', () => {
    expect(escapeMarkdown('x'.repeat(400))).toHaveLength(300);
    expect(escapeMarkdown('abc', 2)).toBe('a…');
    expect(escapeMarkdown('a\u202eb\u0007c\u200bd')).toBe('abcd');
  });
});

describe('code', () => {
  test('a span holds plain names and leaves the rest to escaping', () => {
    expect(codeSpan('flight-delay@v1.0.0')).toBe('`flight-delay@v1.0.0`');
    fc.assert(
      fc.property(anyText, (text) => {
        const cell = `| h |\n|---|\n| ${codeSpan(text)} |`;
        expect(blocksOf(cell)).toEqual([
          'root',
          [
            [
              'table',
              [
                ['tableRow', ['tableCell']],
                ['tableRow', ['tableCell']],
              ],
            ],
          ],
        ]);
        for (const type of ['html', 'link', 'image']) expect(nodesOf(cell, type)).toEqual([]);
      }),
    );
  });

  test('a fence is longer than any fence inside', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(blocksOf(`${codeFence(text)}\n\nafter`)).toEqual(['root', ['code', 'paragraph']]);
      }),
    );
    expect(codeFence(`${'x'.repeat(3000)}end`).endsWith('end\n```')).toBe(true);
  });
});
