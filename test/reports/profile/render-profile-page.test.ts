import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawChart } from '../../../adapters/charts/draw-chart.ts';
import type { ColumnSummary, ProfileSummary } from '../../../pipelines/contracts/profile-summary.ts';
import { renderProfilePage } from '../../../reports/profile/render-profile-page.ts';
import { renderProfileText } from '../../../reports/profile/render-profile-text.ts';
import { hostileTexts } from '../judgements.ts';

function summaryWith(text: string): ProfileSummary {
  const shared = { missing: 3, lengths: null, distinct: { count: 90, error: 6 } };
  const numbers: ColumnSummary = {
    ...shared,
    name: `number ${text}`,
    type: text,
    kind: 'number',
    values: null,
    numbers: {
      mean: 1.5,
      std: 0.5,
      min: -1,
      p5: 0,
      quartiles: [1, 1.5, 2],
      p95: 3,
      max: 4,
      zeros: 2,
      negatives: 1,
      infinite: 1,
      error: 0.004,
      bars: [
        { from: -1, to: 1.5, count: 40 },
        { from: 1.5, to: 4, count: 57 },
      ],
    },
  };
  const texts: ColumnSummary = {
    ...shared,
    name: text,
    type: 'VARCHAR',
    kind: 'text',
    numbers: null,
    values: {
      list: [
        { value: text, count: 60 },
        { value: '', count: 37 },
      ],
      complete: true,
    },
    lengths: { shortest: 0, mean: 4.2, longest: 9, empty: 37, padded: 2 },
  };
  return {
    source: `file ${text}`,
    rows: 100,
    partitions: 2,
    columns: [numbers, texts],
    correlations: { pairs: [{ columns: [`number ${text}`, text], r: -0.97 }], error: 0.01 },
    duplicates: { count: 4, error: 2 },
    label: {
      column: text,
      balance: [
        { value: text, count: 97 },
        { value: null, count: 3 },
      ],
      complete: true,
    },
    notes: [`a note on ${text}`],
  };
}

/** Every tag of the page, with its attributes, without what stands between. */
function tagsOf(html: string): string[] {
  return (html.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/"[^"]*"/g, '""'));
}

describe('the page of a profile', () => {
  it('shows the numbers, draws pictures and loads nothing', async () => {
    const html = await renderProfilePage(summaryWith('plain'), drawChart);
    for (const shown of ['file plain', '100', '4 ± 2', '90 ± 6', '1.5 ± 0.5', 'a note on plain', '-0.97']) {
      expect(html).toContain(shown);
    }
    expect(html.match(/<svg/g)).toHaveLength(4);
    expect(html).toContain("default-src 'none'; style-src 'unsafe-inline'");
    expect(html).not.toMatch(/<script|<link|<img|<iframe|url\(|@import|src=|href=/);
    expect(html).toContain('prefers-color-scheme: dark');
  });

  it('has the same tags whatever names and values it holds', async () => {
    const ways = ['"><svg onload=alert(1)>', "');alert(1);('", '</style><script>alert(1)</script>', ...hostileTexts];
    const noPicture = async () => '';
    for (const [index, text] of ways.entries()) {
      const draw = index < 4 ? drawChart : noPicture;
      const plain = tagsOf(await renderProfilePage(summaryWith('plain'), draw));
      const tags = tagsOf(await renderProfilePage(summaryWith(text), draw));
      expect(tags.length, text).toBe(plain.length);
      expect(tags.join(''), text).not.toMatch(/\son\w+=|<script/i);
    }
  });

  it('puts no text of a table into the page unescaped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 30 }), async (text) => {
        const html = await renderProfilePage(summaryWith(text), async () => '');
        expect(tagsOf(html).join('')).not.toMatch(/<(script|img|svg|iframe|a|b on)/i);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a profile on the terminal', () => {
  it('is a line per column, with what is worth a look', () => {
    const text = renderProfileText(summaryWith('plain'));
    expect(text).toContain('file plain: 100 rows, 2 columns, 2 parts');
    expect(text).toMatch(/number plain +plain +3\.0 % +~90 +1\.5 +-1 +1 +1\.5 +2 +4 +▆█/);
    expect(text).toContain('-0.970  number plain × plain');
    expect(text).toContain('- a note on plain');
  });

  it('keeps control characters away from the terminal', () => {
    const text = renderProfileText(summaryWith('\u001b[31mred\u0007\n- forged'));
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(text).not.toMatch(/^- forged/m);
  });
});
