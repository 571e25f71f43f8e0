import { describe, expect, it } from 'vitest';
import type { SweepPlan, SweepResult } from '../../pipelines/contracts/sweep.ts';
import { rankTrials, type TrialOutcome } from '../../pipelines/sweeps/rank-trials.ts';
import { renderSweep } from '../../reports/render-sweep.ts';
import { sweepText } from '../../reports/sweep-text.ts';
import { hostileTexts } from './judgements.ts';
import { blocksOf, nodesOf, proseOf } from './structure.ts';

const plan: SweepPlan = {
  kind: 'sweep-plan',
  version: 1,
  model: 'flight-delay',
  commit: 'a'.repeat(40),
  method: 'random',
  space: [{ name: 'lr', low: 0.001, high: 0.1, step: null, scale: 'log', whole: false }],
  trials: 3,
  seed: 7,
  halving: null,
  metric: { name: 'roc_auc', goal: 'higher', reported: null },
  pull: null,
};

function ranked(outcomes: Partial<TrialOutcome>[], basis: SweepResult['basis'] = 'verified'): SweepResult {
  const full = outcomes.map(
    (one, index): TrialOutcome => ({
      number: index + 1,
      parameters: { lr: 0.01 * (index + 1) },
      status: 'ranked',
      value: 0.7 + index / 100,
      interval: { low: 0.7 + index / 100 - 0.015, high: 0.7 + index / 100 + 0.015, level: 0.95 },
      sha256: null,
      key: null,
      note: '',
      ...one,
    }),
  );
  return rankTrials({ id: '2-55', plan }, 1, full, { basis, rankedAt: '2026-11-21T00:00:00Z' });
}
const show = (result: SweepResult) => renderSweep({ plan, results: [result], rungs: 1, running: 0 });

describe('a sweep in a comment', () => {
  it('shows ranks, intervals, the rule, the basis, and what may be chance', () => {
    const text = show(ranked([{}, {}, {}]));
    expect(text).toContain('### Sweep of `flight-delay` at aaaaaaa: trial 3 is best');
    expect(text).toMatch(/\| \*\*1\*\* \| 3 +\| 0\.7200 \[0\.7050, 0\.7350\] \| `0\.03` \|/);
    expect(text).toContain('highest roc_auc (verified)');
    expect(text).toContain('**Verified**');
    expect(text).toContain('1 more lie within the 95 % interval');
    expect(text).toContain('3 points drawn with seed 7; `lr`: `0.001..0.1, log`');
  });

  it('says that reported numbers are reported, and when there is no best one', () => {
    expect(show(ranked([{ interval: null }], 'reported'))).toContain('**Reported**');
    const none = show(ranked([{ value: null, status: 'failed', note: 'out of memory\nat line 3' }]));
    expect(none).toContain('No trial has a value');
    expect(none).toContain('out of memory');
    expect(none).not.toContain('/sweep apply');
  });

  it('holds 256 trials, or shows the best of them when they are too long for a comment', () => {
    const many = (length: number) =>
      show(
        ranked(
          Array.from({ length: 256 }, (_, index) => ({ number: index + 1, parameters: { lr: 'x'.repeat(length) } })),
        ),
      );
    expect(
      many(5)
        .split('\n')
        .filter((line) => line.startsWith('| ')).length,
    ).toBe(258);
    const long = many(290);
    expect(Buffer.byteLength(long)).toBeLessThan(65_536);
    expect(long).toContain('all of them in the ledger');
  });

  it('shows whatever a branch wrote as text: no link, image, mention, HTML or further block', () => {
    const structure = blocksOf(show(ranked([{ value: null, status: 'failed', note: 'plain' }, {}])));
    for (const text of hostileTexts) {
      const view = show(ranked([{ value: null, status: 'failed', note: text }, { parameters: { lr: text } }]));
      for (const kind of ['link', 'image', 'linkReference', 'definition']) expect(nodesOf(view, kind)).toEqual([]);
      // The small print at the end is ours.
      expect(nodesOf(view, 'html').map(({ value }) => value)).toEqual(['<sub>', '</sub>']);
      expect(blocksOf(view)).toEqual(structure);
      expect(proseOf(view)).not.toMatch(/(^|[^\w])@\w/);
    }
  });
});

describe('a sweep on a terminal', () => {
  it('is a table and a line to copy, quoted where a shell would read it otherwise', () => {
    const plain = { folder: '.pulltrain/sweeps/x', paint: (_: string, text: string) => text };
    const text = sweepText(plan, [ranked([{ parameters: { lr: 0.1, loss: "it's $HOME" } }], 'reported')], plain);
    expect(text).toContain(`pulltrain run --set lr=0.1 --set 'loss=it'\\''s $HOME'`);
    expect(sweepText(plan, [], plain)).toBe('Nothing was trained.');
  });
});
