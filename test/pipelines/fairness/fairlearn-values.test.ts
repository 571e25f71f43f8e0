import { describe, expect, it } from 'vitest';
import type { FairnessMeasure } from '../../../pipelines/contracts/fairness.ts';
import { askFairness } from './ask-fairness.ts';

const digits = (text: string) => text.split(' ').map(Number);
/** The example of fairlearn's user guide, "Assessment". */
const example = {
  y: digits('0 1 1 1 1 0 1 0 1 0 0 0 1 1 1 1 1 1'),
  p: digits('0 0 1 0 1 1 1 0 0 1 1 1 1 0 0 1 1 0'),
  g: 'b b a b b c c c a a c a b c c b c c'.split(' '),
  g2: digits('8 6 8 8 8 8 6 6 6 8 6 6 6 6 8 6 6 6'),
};

describe("the example of fairlearn's user guide", () => {
  it('gives the published rates of all rows and of every group', async () => {
    const { overall, attributes } = await askFairness(example);
    const rates = (measures: typeof overall) =>
      (['tpr', 'fpr', 'selection_rate'] as const).map((measure) => round(measures[measure]?.value));
    expect(rates(overall)).toEqual([0.5, 0.666667, 0.555556]);
    expect(attributes[0]?.groups.map(({ group, n, measures }) => [group, n, ...rates(measures)])).toEqual([
      ['a', 4, 0.5, 1, 0.75],
      ['b', 6, 0.6, 0, 0.5],
      ['c', 8, 0.4, 0.666667, 0.5],
    ]);
  });

  it.each([
    ['tpr', 0.2, 0.666667, 0.1, 0.8],
    ['fpr', 1, 0, 0.666667, 0],
    ['selection_rate', 0.25, 0.666667, 0.194444, 0.740741],
  ] as const)(
    'gives the published differences and ratios of the %s',
    async (measure, between, ratio, toAll, ratioToAll) => {
      const { attributes } = await askFairness(example);
      const found = attributes[0]?.disparities.find((disparity) => disparity.measure === measure);
      const numbers = [
        found?.difference.value,
        found?.ratio.value,
        found?.toOverall.difference,
        found?.toOverall.ratio,
      ];
      expect(numbers.map(round)).toEqual([between, ratio, toAll, ratioToAll]);
    },
  );

  it('gives demographic parity .25 and 2/3 and equalised odds 1 and 0, and names the pair', async () => {
    const { attributes } = await askFairness(example);
    const criterion = (name: string) => attributes[0]?.criteria.find((known) => known.name === name);
    const parity = criterion('demographic_parity');
    expect([parity?.difference.value, round(parity?.ratio.value)]).toEqual([0.25, 0.666667]);
    const odds = criterion('equalised_odds');
    expect([odds?.difference.value, odds?.ratio.value, odds?.measure]).toEqual([1, 0, 'fpr']);
    expect([odds?.lowest, odds?.highest]).toEqual([
      { group: 'b', value: 0 },
      { group: 'a', value: 1 },
    ]);
  });

  it('gives the published recall and precision of intersections, and no rate without rows to divide by', async () => {
    const { attributes } = await askFairness(example, { by: ['g*g2'] });
    const groups = attributes[0]?.groups ?? [];
    const of = (measure: FairnessMeasure) => groups.map(({ measures }) => round(measures[measure]?.value));
    expect(groups.map(({ values, n }) => [...values, n])).toEqual([
      ['a', '6', 2],
      ['a', '8', 2],
      ['b', '6', 3],
      ['b', '8', 3],
      ['c', '6', 6],
      ['c', '8', 2],
    ]);
    expect(of('ppv')).toEqual([0, 0.5, 1, 1, 0.666667, 0]);
    expect(of('tpr')).toEqual([0, 1, 0.666667, 0.5, 0.5, 0]);
    // Fairlearn says 0 here, which would make this the worst group.
    expect(groups[2]?.measures.fpr).toMatchObject({ value: null, low: null, high: null, n: 0 });
    expect(attributes[0]?.disparities.find(({ measure }) => measure === 'fpr')?.undefined).toEqual(['b * 6']);
  });

  it('gives the published accuracy within each level of a control column', async () => {
    const { controls } = await askFairness(
      {
        y: [...'000110110101010101010110111110'].map(Number),
        p: [...'110110101010101110001110011001'].map(Number),
        level: [...'HLHLHLLHHLLHHLLHLLHHLHLLHHLLHL'],
        g: [...'ABBCCBAABACBCACCBBCABBCABABBAA'],
      },
      { control: 'level' },
    );
    const [high, low] = controls ?? [];
    expect([high?.value, low?.value]).toEqual(['H', 'L']);
    const accuracy = (part: typeof high) =>
      part?.attributes[0]?.groups.map(({ measures }) => round(measures.accuracy?.value));
    expect(accuracy(high)).toEqual([0.2, 0.4, 0.75]);
    expect(accuracy(low)).toEqual([0.4, 0.285714, 0.5]);
    expect([high, low].map((part) => round(part?.overall.accuracy?.value))).toEqual([0.428571, 0.375]);
    const gap = (part: typeof high) => part?.attributes[0]?.disparities.find(({ measure }) => measure === 'accuracy');
    expect([high, low].map((part) => round(gap(part)?.difference.value))).toEqual([0.55, 0.214286]);
  });

  it('gives the published selection rates of the example for intervals, inside their intervals', async () => {
    const { overall, attributes } = await askFairness({
      ...example,
      g: 'b b a b b a a a b a b a b b a b b b'.split(' '),
    });
    const values = [overall, ...(attributes[0]?.groups ?? []).map(({ measures }) => measures)].map(
      (m) => m.selection_rate,
    );
    expect(values.map((value) => round(value?.value))).toEqual([0.555556, 0.714286, 0.454545]);
    for (const value of values) expect(value?.low).toBeLessThan(value?.value ?? 0);
  });
});

function round(value: number | null | undefined): number | null {
  return value == null ? null : Number(value.toFixed(6));
}
