import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Judgement } from '../../pipelines/contracts/judgement.ts';
import { renderCheck } from '../../reports/render-check.ts';
import { renderComment } from '../../reports/render-comment.ts';
import { renderSummary } from '../../reports/render-summary.ts';
import { hostileTexts } from './judgements.ts';
import { fullJudgement } from './page/full-judgement.ts';
import { blocksOf, nodesOf, proseOf } from './structure.ts';

const links = {
  train: 'https://github.example/runs/1',
  judge: 'https://github.example/runs/2',
  page: 'https://github.example/runs/2/artifacts/3',
};
const views: Record<string, (judgement: Judgement) => string> = {
  comment: (judgement) => renderComment(judgement, links),
  'check summary': (judgement) => renderCheck(judgement, links).summary,
  'check text': (judgement) => renderCheck(judgement, links).text ?? '',
  'job summary': (judgement) => renderSummary(judgement, links),
};
/** HTML of a report with what stands in its summaries taken out, and that on its own. */
const summary = /<summary>(.*?)<\/summary>/g;
const htmlOf = (markdown: string) =>
  nodesOf(markdown, 'html').map(({ value = '' }) => value.replace(summary, '<summary>'));
const summariesOf = (markdown: string) => [...markdown.matchAll(summary)].map(([, text = '']) => text);
const urlsOf = (markdown: string) => nodesOf(markdown, 'link').map(({ url }) => url);
/** Names of ten thousand characters, longer than any document of ours lets in. */
const long = (text: string): Judgement =>
  JSON.parse(JSON.stringify(fullJudgement()).replaceAll('plain', JSON.stringify(text).slice(1, -1)));

describe.each(Object.entries(views))('everything that strangers may write into the %s', (_, render) => {
  const plain = render(fullJudgement());
  const expected = { blocks: blocksOf(plain), html: htmlOf(plain), urls: urlsOf(plain) };
  const holds = (markdown: string) => {
    expect({ blocks: blocksOf(markdown), html: htmlOf(markdown), urls: urlsOf(markdown) }).toEqual(expected);
    for (const text of summariesOf(markdown)) expect(text).not.toMatch(/<|@[\w-]|(?<!&)#\d|\bGH-\d/i);
    expect(nodesOf(markdown, 'image')).toEqual([]);
    expect(proseOf(markdown)).not.toMatch(/@[\w-]|#\d|\bGH-\d/i);
    expect(markdown).not.toMatch(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069]/u);
  };

  it('changes no block, link, mention or HTML', () => {
    const texts = fc.oneof(
      fc.constantFrom(...hostileTexts),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
    );
    fc.assert(
      fc.property(texts, (text) => holds(render(fullJudgement({ text })))),
      { numRuns: 5, examples: hostileTexts.map((text): [string] => [text]) },
    );
  });

  it('stays the same when it is ten thousand characters long', () => {
    for (const text of [
      '@everyone | `x` <img src=x> </details> '.repeat(256),
      '\u202e\u200b'.repeat(5000),
      '😀'.repeat(5000),
    ]) {
      const markdown = render(long(text || 'x'));
      expect(nodesOf(markdown, 'image')).toEqual([]);
      expect(proseOf(markdown)).not.toMatch(/@[\w-]/);
      expect(markdown.match(/^<details>$/gm)?.length).toBe(markdown.match(/^<\/details>$/gm)?.length);
      expect(Buffer.byteLength(markdown)).toBeLessThan(65_536);
    }
  });
});

describe('the size of a full comment', () => {
  it('shrinks in steps that keep the verdict, the decision and whole sections', () => {
    const judgement = fullJudgement({ swap: true });
    const seen = new Set<string>();
    for (let cap = 60_000; cap > 300; cap = Math.floor(cap * 0.8)) {
      const comment = renderComment(judgement, links, { cap });
      seen.add(comment);
      expect(comment).toMatch(/^<!-- pulltrain:report model=flight-delay -->\n\n### ❌ flight-delay/);
      expect(comment.split('<details>')).toHaveLength(comment.split('</details>').length);
      if (cap > 900) expect(comment).toContain('**Should not be merged**');
    }
    expect(seen.size).toBeGreaterThanOrEqual(3);
  });
});
