import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawChart } from '../../../adapters/charts/draw-chart.ts';
import type { Judgement } from '../../../pipelines/contracts/judgement.ts';
import { type DrawChart, standAlone } from '../../../reports/chart-theme.ts';
import { renderPage } from '../../../reports/page/render-page.ts';
import { galleries } from '../../../reports/page/sections/pictures.ts';
import { type Subject, subjectOfJudgement } from '../../../reports/page/subject.ts';
import { hostileTexts, judgementWith } from '../judgements.ts';
import { fullJudgement } from './full-judgement.ts';

const links = { judge: 'https://github.example/acme/flights/actions/runs/2' };
/** What a picture would hold, where the picture itself is looked at elsewhere. */
const noPicture: DrawChart = async () => '<svg width="1" height="1"></svg>';
const pageOf = (judgement: Judgement, draw: DrawChart = noPicture) =>
  renderPage(subjectOfJudgement(judgement), links, draw);
/** Every tag of a page with the names of its attributes, without what stands between. */
const tagsOf = (html: string) => (html.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/"[^"]*"/g, '""'));
const full = fullJudgement();

describe('the page of a judgement', () => {
  it('says first what to do and why', async () => {
    const html = await pageOf(full);
    const [, banner = ''] = html.split('<div class="verdict pass">');
    expect(banner.slice(0, 600)).toMatch(
      /Can be merged<\/p>[\s\S]*flight-delay: better than base[\s\S]*All 4 gates pass\./,
    );
    expect(await pageOf(fullJudgement({ swap: true }))).toContain('Should not be merged');
  });

  it('has every picture that the documents give', async () => {
    const pictures = galleries(subjectOfJudgement(full)).flatMap(({ pictures: some }) => some);
    expect(pictures.map(({ id }) => id)).toEqual([
      'roc-curve',
      'precision-recall-curve',
      'reliability',
      'lift',
      'scores',
      'confusion',
      'residuals',
      'slice-changes',
      'slice-values',
      'worst-slices',
      'fairness-1-tpr',
      'fairness-1-fpr',
      'fairness-1-selection-rate',
      'importance',
      'importance-change',
      'shap-values',
      'dependence-1',
      'dependence-2',
    ]);
    const html = await pageOf(full);
    for (const { id, title, rows } of pictures) {
      expect(html).toContain(`<figure id="${id}"`);
      expect(title).not.toBe('');
      expect(rows.length).toBeGreaterThan(0);
    }
  });

  it('leaves out what was not measured, down to a judgement that failed', async () => {
    const older = await pageOf(judgementWith());
    for (const id of ['curves', 'explanation', 'robustness']) expect(older).not.toContain(`<section id="${id}"`);
    expect(older).toContain('<section id="metrics"');
    const { evaluated } = judgementWith({ problem: true });
    const nothing = { ...judgementWith({ problem: true }), comparison: null };
    const failed = await pageOf({
      ...nothing,
      evaluated: { ...evaluated, headEvaluation: null, baseEvaluation: null },
    });
    expect(failed).toContain('the key differs plain');
    expect(failed).not.toContain('<section id="metrics"');
  });

  it('is about an evaluation alone when there is nothing else', async () => {
    const { headEvaluation } = full.evaluated;
    const subject: Subject = { model: 'm', head: headEvaluation, base: null, comparison: null, judgement: null };
    const html = await renderPage(subject, {}, noPicture);
    expect(html).toContain('<h1>Evaluation of m</h1>');
    expect(html).toContain('prior plain');
    expect(html).not.toContain('class="verdict');
  });

  it('loads nothing and runs nothing', async () => {
    const html = await pageOf(full, drawChart);
    expect(html).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`,
    );
    expect(html).not.toMatch(/<(script|img|link|iframe|object|use|image)\b|\son\w+=|url\(|@import|\ssrc=/i);
    expect(html.match(/<figure/g)).toHaveLength(18);
    expect(html.match(/<svg class="marks" /g)).toHaveLength(18);
  });

  it('has landmarks, one first heading, none skipped, and a name for everything that is not text', async () => {
    const html = await pageOf(full);
    for (const landmark of ['<header>', '<main id="main">', '<nav aria-label="Sections">', '<footer>'])
      expect(html.split(landmark)).toHaveLength(2);
    const levels = [...html.matchAll(/<h(\d)/g)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (const [at, level] of levels.entries()) expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1);
    const named = [...html.matchAll(/role="img" aria-label="([^"]*)"/g)];
    expect(named).toHaveLength(18);
    for (const [, label = ''] of named) expect(label).toMatch(/\d/);
    expect(html.match(/<table>/g)?.length).toBe(html.match(/<caption>/g)?.length);
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id = ''] of html.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(id);
  });
});

describe('what strangers wrote into the page', () => {
  it('changes no tag', async () => {
    const expected = tagsOf(await pageOf(full));
    const texts = fc.oneof(
      fc.constantFrom(...hostileTexts),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        expect(tagsOf(await pageOf(fullJudgement({ text })))).toEqual(expected);
      }),
      { numRuns: 10, examples: hostileTexts.map((text): [string] => [text]) },
    );
  }, 20_000);

  it('stays short where names are ten thousand characters long', async () => {
    const long: Judgement = JSON.parse(JSON.stringify(full).replaceAll('plain', 'x<b>'.repeat(2500)));
    const html = await pageOf(long);
    expect(tagsOf(html)).toEqual(tagsOf(await pageOf(full)));
    expect(html.length).toBeLessThan(1_000_000);
    const { pictures = [] } = galleries(subjectOfJudgement(long)).find(({ id }) => id === 'explanation') ?? {};
    for (const { title, summary } of pictures) expect(title.length + summary.length).toBeLessThan(1000);
  });

  it('is text in every picture, also in one that stands alone', async () => {
    const plain = new Map<string, string[]>();
    const text = '</text><script>alert(1)</script><image href="https://evil.example"/>';
    for (const [name, judgement] of [
      ['plain', full],
      ['hostile', fullJudgement({ text })],
    ] as const) {
      for (const { id, spec } of galleries(subjectOfJudgement(judgement)).flatMap(({ pictures }) => pictures)) {
        const svg = standAlone(await drawChart(spec));
        const kinds = [...new Set(tagsOf(svg).map((tag) => /^<\/?([\w]+)/.exec(tag)?.[1] ?? ''))].sort();
        if (name === 'plain') plain.set(id, kinds);
        else expect(kinds, id).toEqual(plain.get(id));
        expect(svg).not.toMatch(/"#(111111|222222|333333|444444|555555|666666|777777|999999)"/);
      }
    }
  });
});
