import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Delta } from '../../pipelines/contracts/comparison.ts';
import type { Judgement } from '../../pipelines/contracts/judgement.ts';
import { renderCheck } from '../../reports/render-check.ts';
import { renderComment } from '../../reports/render-comment.ts';
import { renderSummary } from '../../reports/render-summary.ts';
import { hostileTexts, judgementWith } from './judgements.ts';
import { blocksOf, nodesOf, proseOf } from './structure.ts';

const links = { train: 'https://github.example/runs/1', judge: 'https://github.example/runs/2' };
/** With ordinary spaces where lines may not be broken. */
const plainly = (text: string) => text.replaceAll('\u00a0', ' ');
const better = judgementWith();
const worse = judgementWith({ swap: true });

/** The better model, whose gap by region moved from 0.054 by `delta`. */
function withGap(delta: { value: number; low: number; high: number }, status: 'pass' | 'fail' = 'pass'): Judgement {
  const { comparison, verdict } = better;
  if (comparison === null) throw new Error('there is a base');
  const full = { ...delta, level: 0.95, method: 'paired bootstrap of cells', p: null, standardError: 0.005 };
  const fairness = comparison.fairness.map((change) =>
    change.gap === 'tpr_gap'
      ? { ...change, base: 0.054, head: 0.054 + delta.value, delta: full }
      : { ...change, delta: null },
  );
  const gates = verdict.gates.map((gate) => (gate.subject === 'tpr_gap by region' ? { ...gate, status } : gate));
  const metrics = comparison.metrics.map((metric) => ({
    ...metric,
    delta: metric.name === 'roc_auc' ? metric.delta : null,
  }));
  return {
    ...better,
    comparison: { ...comparison, metrics, fairness, slices: [] },
    verdict: { ...verdict, status, gates },
  };
}

describe('the comment', () => {
  const comment = renderComment(better, links);
  test('starts with its marker and a sentence that says how much better', () => {
    const [marker, , heading] = comment.split('\n');
    expect(marker).toBe('<!-- pulltrain:report model=flight-delay -->');
    expect(heading).toMatch(
      /^### ✅ flight-delay: better than base \(ROC AUC \+0\.0\d{3}, 95 % CI \+0\.0\d{3} to \+0\.\d{4}\)$/,
    );
  });

  test('says who was compared with whom, on what, and that it was verified', () => {
    expect(comment).toContain('Base `flight-delay@v1.0.0` (`abcdef0`)');
    expect(comment).toContain('Head `9f8e7d6`');
    expect(comment).toContain('`data/holdout.parquet`, 2001-04-01 to 2001-04-30, 3,000 rows');
    expect(comment).toContain('Model sha256 `aaaaaaaaaaaa` · **Verified**: measured by the default branch');
    expect(comment).toContain('Last update `9f8e7d6`');
  });

  test('has a row for every metric, gated gap and gated cost', () => {
    const lines = plainly(comment)
      .split('\n')
      .filter((line) => line.startsWith('| '));
    expect(lines[0]).toBe('| Metric | Result | Base | Head | Change [95 % CI] | Gate |');
    expect(lines.find((line) => line.startsWith('| ROC AUC ↑'))).toMatch(
      /\| ✅ better \| 0\.\d{4} \| 0\.\d{4} \| \+0\.\d{4} \\\[\+0\.\d{4}, \+0\.\d{4}\\\] \| {1,2}\\>= base - 0\.002 \|$/,
    );
    expect(lines.find((line) => line.startsWith('| Log loss ↓'))).toMatch(/^\| Log loss ↓ \| better \|.*\| \|$/);
    expect(lines.some((line) => line.startsWith('| True positive rate gap by region ↓'))).toBe(true);
    expect(lines.some((line) => line.startsWith('| Latency of one row, p95, ms ↓ | ✅ | 0.2000 | 0.2000'))).toBe(true);
  });

  test('tells reported numbers from verified ones, and carries the whole digest', () => {
    expect(comment).toContain('Metric, **reported** by training');
    expect(comment).toContain('`aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa`');
  });

  test('of a worse model names the gate and by how much', () => {
    const text = renderComment(worse, links);
    expect(text).toMatch(
      /^### ❌ flight-delay: worse than base \(ROC AUC -0\.0\d{3}, 95 % CI .*\), fails roc_auc >= base - 0\.002$/m,
    );
    expect(text).toMatch(
      /is 0\.0\d{3} below base 0\.\d{4}, allowed 0\.0020 below; 95 % interval -0\.\d{4} to -0\.\d{4}/,
    );
  });

  test('of a first model says that there is nothing to compare with', () => {
    const text = renderComment(judgementWith({ base: false }), links);
    expect(text).toMatch(/### ✅ flight-delay: first model, no base to compare with \(ROC AUC 0\.\d{4}, 95 % CI/);
    expect(text).toContain('Base: none');
  });

  test('shows policy edits as edits', () => {
    expect(comment).toContain('> **Policy edits** are shown and not obeyed before they are merged: plain');
  });

  test('of what could not be judged says why', () => {
    const text = renderComment(judgementWith({ problem: true }), links);
    expect(text.split('\n')[2]).toBe('### ⛔ flight-delay: could not be judged');
    expect(text).toContain('**Should not be merged**: nobody knows how good it is. To be cured first:');
    expect(text.split('the key differs plain')).toHaveLength(2);
    expect(text).toContain('- ⛔ **key-mismatch**: the key differs plain');
  });

  test('counts the reasons when there are several', () => {
    const judgement = judgementWith({ problem: true });
    const { problems } = judgement.evaluated;
    const several = { ...judgement, evaluated: { ...judgement.evaluated, problems: [...problems, ...problems] } };
    expect(renderComment(several).split('\n')[2]).toBe('### ⛔ flight-delay: could not be judged, for 2 reasons');
    expect(renderCheck(several).title).toBe(
      'flight-delay: could not be judged (the key differs plain) and 1 more problem',
    );
  });

  test('says at once whether to merge', () => {
    expect(comment.split('\n')[4]).toMatch(/^\*\*Can be merged\*\*: all 4 gates pass\./);
    expect(renderComment(worse, links).split('\n')[4]).toMatch(
      /^\*\*Should not be merged\*\*: 1 of 4 gates fails\. Also \*\*worse\*\* than base: Log loss 0\.\d+ → 0\.\d+; ECE/,
    );
    const unsure = {
      ...better,
      verdict: {
        ...better.verdict,
        status: 'inconclusive' as const,
        gates: better.verdict.gates.map((gate, at) => (at === 0 ? { ...gate, status: 'inconclusive' as const } : gate)),
      },
    };
    expect(renderComment(unsure)).toContain('**Your decision**: 1 of 4 gates cannot be decided on these rows');
  });

  test('tells the bytes of the holdout from the rows that were picked', () => {
    expect(comment).toMatch(/- Holdout file `data\/holdout\.parquet`: bytes `sha512-/);
    expect(comment).toMatch(/- Rows of it that judged: newest month plain; this choice is `sha512-/);
  });

  test('offers the commands that work where it stands, and none when it is told of none', () => {
    expect(comment).not.toContain('Commands here');
    expect(comment).not.toContain('/retrain');
    expect(renderComment(better, links, { commands: ['/help'] })).toContain('Commands here: `/help`.');
  });
});

describe('what became worse within its gate', () => {
  const widened = withGap({ value: 0.044, low: 0.0331, high: 0.0519 });
  const text = renderComment(widened, links);

  test('is named beside the verdict, in the comment and in the title of the check', () => {
    expect(text.split('\n')[4]).toMatch(
      /^\*\*Can be merged\*\*: all 4 gates pass\. \*\*Worse\*\* than base, within what is allowed: True positive rate gap by region 0\.0540 → 0\.0980/,
    );
    expect(renderCheck(widened).title).toMatch(/; worse, within what is allowed: True positive rate gap by region$/);
    expect(renderCheck(widened).conclusion).toBe('success');
  });

  test('has no plain tick in the table', () => {
    const row = plainly(text)
      .split('\n')
      .find((line) => line.startsWith('| True positive rate gap by region ↓'));
    expect(row).toMatch(/ region ↓ \| ✅ \*\*worse\*\* \|/);
  });

  test('is one group of rows only while the whole is not worse', () => {
    const { comparison } = better;
    if (comparison?.slices === undefined) throw new Error('the slices were not compared');
    const turned = (delta: Delta | null) => (delta === null ? null : { ...delta, low: -0.05, high: -0.01 });
    const slices = comparison.slices.map((slice) => ({ ...slice, delta: turned(slice.delta) }));
    const metrics = comparison.metrics.map((metric, at) =>
      at === 0 ? { ...metric, delta: turned(metric.delta) } : metric,
    );
    const title = (change: Partial<typeof comparison>) =>
      renderCheck({ ...better, comparison: { ...comparison, ...change } }).title;
    expect(title({ slices })).toContain('ROC AUC of region east plain and 2 more');
    expect(title({ slices, metrics })).not.toContain('ROC AUC of region');
  });

  test('may be one group of rows', () => {
    const { comparison } = better;
    if (comparison?.slices === undefined) throw new Error('the slices were not compared');
    const slices = comparison.slices.map((slice, at) =>
      at === 1 && slice.delta !== null
        ? { ...slice, delta: { ...slice.delta, value: -0.03, low: -0.05, high: -0.01 } }
        : slice,
    );
    const comment = renderComment({ ...better, comparison: { ...comparison, slices } });
    expect(comment).toContain('ROC AUC of region north plain -0.0300');
    expect(plainly(comment)).toMatch(
      /^\| region: north plain \| \*\*worse\*\* \| -0\.0300 \\\[-0\.0500, -0\.0100\\\] \|/m,
    );
  });

  test('is nothing that chance explains, nothing that became better, and nothing that a gate already tells', () => {
    expect(renderComment(withGap({ value: 0.044, low: -0.0001, high: 0.08 }))).not.toMatch(/than base(?:, within|:)/);
    expect(renderComment(withGap({ value: -0.044, low: -0.06, high: -0.02 }))).not.toMatch(/than base(?:, within|:)/);
    const failing = withGap({ value: 0.044, low: 0.0331, high: 0.0519 }, 'fail');
    expect(renderComment(failing)).not.toMatch(/than base(?:, within|:)/);
  });
});

describe('what strangers wrote into it', () => {
  const expected = blocksOf(renderComment(better, links));
  const texts = fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'grapheme', minLength: 1 }));

  test('changes no block, and makes no link, image, mention or HTML', () => {
    const htmlOf = (markdown: string) => nodesOf(markdown, 'html').map(({ value }) => value);
    const expectedHtml = htmlOf(renderComment(better, links));
    fc.assert(
      fc.property(texts, (text) => {
        const comment = renderComment(judgementWith({ text }), links);
        expect(blocksOf(comment)).toEqual(expected);
        expect(htmlOf(comment)).toEqual(expectedHtml);
        expect(nodesOf(comment, 'link').map(({ url }) => url)).toEqual([links.train, links.judge]);
        expect(nodesOf(comment, 'image')).toEqual([]);
        expect(proseOf(comment)).not.toMatch(/@[\w-]|#\d|\bGH-\d/i);
      }),
      { numRuns: 25, examples: hostileTexts.map((text): [string] => [text]) },
    );
  });

  test('addresses that are none are left out', () => {
    const comment = renderComment(better, { train: 'javascript:alert(1)', judge: 'https://x.example/) [y](z' });
    expect(nodesOf(comment, 'link')).toEqual([]);
  });
});

describe('size', () => {
  test('degrades in steps, marker and verdict first, nothing left open', () => {
    const seen = new Set<number>();
    for (let cap = 60_000; cap > 50; cap = Math.floor(cap * 0.85)) {
      const comment = renderComment(better, links, { cap });
      seen.add(Buffer.byteLength(comment));
      expect(comment.startsWith('<!-- pulltrain:report model=flight-delay -->\n\n### ✅ flight-delay')).toBe(true);
      const count = (part: string) => comment.split(part).length - 1;
      expect(count('<details>')).toBe(count('</details>'));
      expect(count('```') % 2).toBe(0);
      if (cap > 120) expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(cap);
    }
    expect(seen.size).toBeGreaterThanOrEqual(4);
  });

  test('stays under the limit with thousands of groups and changes', () => {
    const many = judgementWith({ text: '😀'.repeat(300) });
    const [change] = many.evaluated.parameterChanges;
    if (change === undefined) throw new Error('no change to repeat');
    many.evaluated.parameterChanges = Array.from({ length: 5000 }, () => change);
    const comment = renderComment(many, links);
    expect(Buffer.byteLength(comment)).toBeLessThan(60_000);
    expect(comment).toContain('Shortened to fit');
  });
});

describe('check and summary', () => {
  test('a check ends green, neutral or red', () => {
    expect(renderCheck(better).conclusion).toBe('success');
    expect(renderCheck(worse).conclusion).toBe('failure');
    expect(renderCheck(judgementWith({ problem: true })).conclusion).toBe('failure');
    const unsure = { ...better, verdict: { ...better.verdict, status: 'inconclusive' as const } };
    expect(renderCheck(unsure).conclusion).toBe('neutral');
  });

  test('its title is plain text of at most 255 characters, its parts fit', () => {
    const check = renderCheck(judgementWith({ text: 'long '.repeat(100), problem: true }), links);
    expect(check.title).toMatch(/^flight-delay: could not be judged/);
    expect(check.title.length).toBeLessThanOrEqual(255);
    expect(Buffer.byteLength(check.summary)).toBeLessThan(65_535);
    expect(check.text).toContain('<summary>Run: what was judged');
    expect(renderCheck(better, links, { cap: 10 })).toMatchObject({ summary: 'pass', text: null });
  });

  test('nothing that a check shows is said twice', () => {
    for (const judgement of [better, worse, judgementWith({ problem: true })]) {
      const { title, summary, text } = renderCheck(judgement, links);
      const lines = [title, ...`${summary}\n${text}`.split('\n')].filter(
        (line) => /\w{3}/.test(line) && !/details>/.test(line),
      );
      const repeated = lines.filter((line, index) => lines.indexOf(line) !== index);
      expect(repeated).toEqual([]);
      expect(summary).not.toContain('###');
    }
  });

  test('the summary holds the same report without a marker', () => {
    expect(renderSummary(better, links)).toMatch(/^## ✅ flight-delay/);
    expect(renderSummary(better, links)).not.toContain('pulltrain:report');
  });
});
