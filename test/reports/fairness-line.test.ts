import { describe, expect, it } from 'vitest';
import { fairnessLines } from '../../reports/fairness-line.ts';
import { intervalStrip } from '../../reports/interval-strip.ts';
import { judgementWith } from './judgements.ts';

describe('the line of fairness', () => {
  it('names the gated gap, between whom, the change from base and the gate', () => {
    const { comparison, verdict } = judgementWith();
    if (comparison === null) throw new Error('no comparison');
    expect(fairnessLines(comparison, verdict)).toMatch(
      /^- Fairness by region: true positive rate gap 0\.\d{4} \(west plain 0\.\d{4} to north plain 0\.\d{4}\), no evidence of a change from base; gate ✅ \\<= 0\.1$/,
    );
  });

  it('tells the widest gap where nothing is gated, and that nothing is', () => {
    const { comparison, verdict } = judgementWith({ base: false });
    if (comparison === null) throw new Error('no comparison');
    const widest = Math.max(...comparison.fairness.map(({ head }) => head ?? 0));
    const line = fairnessLines(comparison, { ...verdict, gates: [] });
    expect(line).toContain(widest.toFixed(4));
    expect(line).toMatch(/; no gate$/);
    expect(line).not.toContain('base');
  });

  it('says so where too few groups are large enough', () => {
    const { comparison, verdict } = judgementWith();
    if (comparison === null) throw new Error('no comparison');
    const fairness = comparison.fairness.map((change) => ({ ...change, head: null, delta: null }));
    expect(fairnessLines({ ...comparison, fairness }, verdict)).toContain('not judged');
  });
});

describe('a strip', () => {
  it('shows value and ends in place, and never leaves its width', () => {
    expect(intervalStrip({ value: 0.5, low: 0.2, high: 0.8 }, [0, 1])).toBe('···├────●───┤···');
    expect(intervalStrip({ value: 0, low: null, high: null }, [0, 1])).toBe('●···············');
    expect(intervalStrip({ value: 3, low: -9, high: 9 }, [0, 1])).toHaveLength(16);
    expect(intervalStrip({ value: 1, low: 1, high: 1 }, [1, 1])).toBe('●···············');
  });
});
