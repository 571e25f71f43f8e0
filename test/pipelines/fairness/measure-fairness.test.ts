import { describe, expect, it } from 'vitest';
import { fairnessSchema } from '../../../pipelines/contracts/fairness.ts';
import { askFairness } from './ask-fairness.ts';

const repeat = <Value>(values: readonly Value[], times: number) => Array.from({ length: times }, () => values).flat();

describe('groups', () => {
  it('keep names apart that could be taken for one another', async () => {
    const g = [
      '(missing)',
      null,
      '',
      '"a"',
      'a',
      'a * b',
      'x | `y` @everyone',
      '<img src=x>\n</details>',
      "it's",
      '\u202egnp',
    ];
    const fairness = await askFairness({ y: repeat([0, 1], 10), p: repeat([1, 1], 10), g: repeat(g, 2) });
    const groups = fairness.attributes[0]?.groups ?? [];
    expect(groups).toHaveLength(g.length);
    expect(new Set(groups.map(({ group }) => group)).size).toBe(g.length);
    expect(groups.map(({ values }) => values[0]).sort()).toEqual([...g].sort());
    expect(groups.every(({ n }) => n === 2)).toBe(true);
    expect(() => fairnessSchema.parse(JSON.parse(JSON.stringify(fairness)))).not.toThrow();
  });

  it('make missing values a group of their own, NaN among them', async () => {
    const { attributes } = await askFairness({
      y: [0, 1, 0, 1, 0, 1],
      p: [0, 1, 1, 1, 0, 0],
      g: [1.5, 1.5, null, null, Number.NaN, 2],
    });
    expect(attributes[0]?.groups.map(({ group, n }) => [group, n])).toEqual([
      ['1.5', 2],
      ['2', 1],
      ['(missing)', 3],
    ]);
  });

  it('are listed with their size when too small to judge, and never dropped', async () => {
    const { attributes } = await askFairness(
      {
        y: repeat([0, 1], 50),
        p: repeat([1, 0, 1, 1], 25),
        g: [...repeat(['a'], 60), ...repeat(['b'], 37), 'c', 'c', 'c'],
      },
      { minGroup: 30 },
    );
    const [attribute] = attributes;
    expect(attribute?.groups.map(({ group, n }) => [group, n])).toEqual([
      ['a', 60],
      ['b', 37],
      ['c', 3],
    ]);
    expect(attribute?.small).toEqual(['c']);
    const selection = attribute?.disparities.find(({ measure }) => measure === 'selection_rate');
    expect([selection?.groups, selection?.tooSmall]).toEqual([2, ['c']]);
    // b has 37 rows and only 18 of them positive: large enough for one rate, too small for the other.
    const tpr = attribute?.disparities.find(({ measure }) => measure === 'tpr');
    expect([tpr?.groups, tpr?.tooSmall, tpr?.difference.value]).toEqual([1, ['b', 'c'], null]);
    expect(tpr?.everyGroup.difference).not.toBeNull();
  });

  it('without a second one have no difference', async () => {
    const { attributes } = await askFairness({ y: [0, 1, 1], p: [0, 1, 0], g: ['a', 'a', 'a'] });
    expect(
      attributes[0]?.disparities.every(
        ({ difference, everyGroup }) => difference.value === null && everyGroup.difference === null,
      ),
    ).toBe(true);
    expect(attributes[0]?.fourFifths?.ratio).toBeNull();
  });

  it('may all be missing', async () => {
    const { attributes } = await askFairness({ y: [0, 1, 1], p: [0, 1, 0], g: [null, null, null] });
    expect(attributes[0]?.groups.map(({ group, n }) => [group, n])).toEqual([['(missing)', 3]]);
  });

  it('with one class have no rate of the other, and no area', async () => {
    const { attributes } = await askFairness(
      { y: [1, 1, 1, 0, 1, 0], s: [0.9, 0.8, 0.1, 0.2, 0.7, 0.6], g: ['a', 'a', 'a', 'b', 'b', 'b'] },
      { prediction: null, score: 's' },
    );
    const [a] = attributes[0]?.groups ?? [];
    expect(a?.measures.fpr).toMatchObject({ value: null, n: 0 });
    expect(a?.measures.roc_auc).toMatchObject({ value: null, n: 0 });
    expect(a?.measures.tpr?.value).toBeCloseTo(2 / 3);
    const auc = attributes[0]?.disparities.find(({ measure }) => measure === 'roc_auc');
    expect(auc?.undefined).toEqual(['a']);
  });
});

describe('rows', () => {
  it('without a label, a decision or a score are counted and left out', async () => {
    const { rows, leftOut, attributes } = await askFairness(
      {
        y: [0, 1, null, 1, 0, 1],
        p: [0, 1, 1, null, 0, 1],
        s: [0.1, 0.9, 0.5, 0.5, Number.NaN, Number.POSITIVE_INFINITY],
        g: ['a', 'a', 'a', 'b', 'b', 'b'],
      },
      { score: 's' },
    );
    expect(rows).toBe(2);
    expect(leftOut).toEqual([
      { reason: 'no label', rows: 1 },
      { reason: 'no decision', rows: 1 },
      { reason: 'no score', rows: 2 },
    ]);
    expect(attributes[0]?.groups.map(({ n, leftOut: left }) => [n, left])).toEqual([
      [2, 1],
      [0, 3],
    ]);
  });

  it('that are all without a label are refused in a sentence', async () => {
    await expect(askFairness({ y: [null, null], p: [0, 1], g: ['a', 'b'] })).rejects.toMatchObject({
      code: 'labels-unclear',
    });
    await expect(askFairness({ y: [null, 1], p: [0, null], g: ['a', 'b'] })).rejects.toMatchObject({
      code: 'fairness-empty',
    });
  });
});

describe('labels and decisions', () => {
  it('may be texts when somebody says which is positive', async () => {
    const table = { y: ['bad', 'good', 'good', 'bad'], p: ['good', 'good', 'bad', 'bad'], g: ['a', 'a', 'b', 'b'] };
    await expect(askFairness(table)).rejects.toMatchObject({
      code: 'labels-unclear',
      message: expect.stringContaining('--positive'),
    });
    const { overall, favourable } = await askFairness(table, { positive: 'good', favourable: 'bad' });
    expect([overall.tpr?.value, overall.fpr?.value, favourable]).toEqual([0.5, 0.5, 'not selected']);
    await expect(askFairness(table, { positive: 'maybe' })).rejects.toMatchObject({ code: 'labels-unclear' });
    await expect(askFairness(table, { positive: 'good', favourable: 'maybe' })).rejects.toMatchObject({
      code: 'labels-unclear',
    });
  });

  it('may be flags on one side and numbers on the other', async () => {
    const { overall } = await askFairness({ y: [false, true, true, false], p: [1, 1, 0, 0], g: ['a', 'a', 'b', 'b'] });
    expect([overall.tpr?.value, overall.fpr?.value]).toEqual([0.5, 0.5]);
    const { overall: other } = await askFairness({
      y: [0, 1, 1, 0],
      p: [true, true, false, false],
      g: ['a', 'a', 'b', 'b'],
    });
    expect([other.tpr?.value, other.fpr?.value]).toEqual([0.5, 0.5]);
  });

  it('may be called differently when somebody says what counts as selected', async () => {
    const table = { y: [0, 1, 1, 0], p: ['High', 'Medium', 'Low', 'Low'], g: ['a', 'a', 'b', 'b'] };
    await expect(askFairness(table)).rejects.toMatchObject({ message: expect.stringContaining('--selected') });
    const { overall } = await askFairness(table, { selected: ['High', 'Medium'] });
    expect([overall.tpr?.value, overall.selection_rate?.value]).toEqual([0.5, 0.5]);
  });

  it('that are scores are not taken for decisions', async () => {
    const table = { y: [0, 1, 1, 0], p: [0.2, 0.7, 0.4, 0.6], g: ['a', 'a', 'b', 'b'] };
    await expect(askFairness(table)).rejects.toMatchObject({ message: expect.stringContaining('--score') });
    const { overall, decision } = await askFairness(table, { threshold: 0.5 });
    expect([overall.tpr?.value, decision]).toEqual([0.5, 'p >= 0.5']);
  });

  it('need a threshold where scores are no probabilities', async () => {
    const table = { y: [0, 1, 1, 0], s: [2, 7, 4, 6], g: ['a', 'a', 'b', 'b'] };
    const scored = { prediction: null, score: 's' };
    await expect(askFairness(table, scored)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('--threshold'),
    });
    const fairness = await askFairness(table, { ...scored, threshold: 5 });
    expect(fairness.probabilities).toBe(false);
    expect(fairness.overall.ece).toBeUndefined();
    expect(fairness.overall.roc_auc?.value).toBe(0.75);
    expect(fairness.overall.mean_score).toMatchObject({ value: 4.75, n: 4 });
    expect(fairness.overall.mean_score?.high).toBeGreaterThan(5);
  });

  it('of several classes are told class by class, and those of a quantity by their errors', async () => {
    const classes = await askFairness({ y: ['x', 'y', 'z', 'x'], p: ['x', 'y', 'x', 'z'], g: ['a', 'a', 'b', 'b'] });
    expect(classes.task).toBe('multiclass');
    expect(Object.keys(classes.overall)).toEqual(['accuracy']);
    expect(classes.classes?.map((part) => [part.class, part.overall.tpr?.value])).toEqual([
      ['x', 0.5],
      ['y', 1],
      ['z', 0],
    ]);
    const quantity = await askFairness({ y: [1, 2.5, 3, 4.25], p: [1.5, 2.5, 2, 4.25], g: ['a', 'a', 'b', 'b'] });
    expect(quantity.task).toBe('regression');
    expect(
      quantity.attributes[0]?.groups.map(({ measures }) => [measures.mean_error?.value, measures.mae?.value]),
    ).toEqual([
      [0.25, 0.25],
      [-0.5, 0.5],
    ]);
  });
});

describe('columns', () => {
  it('may have signs in their names that otherwise mean something', async () => {
    const { attributes } = await askFairness(
      { y: [0, 1, 1, 0], p: [0, 1, 0, 0], 'a*b': ['u', 'u', 'v', 'v'], 'c,"d"': ['1', '2', '1', '2'] },
      { by: ['a*b', 'c,"d"'] },
    );
    expect(attributes.map(({ by, groups }) => [by, groups.length])).toEqual([
      ['a*b', 2],
      ['c,"d"', 2],
    ]);
  });

  it('that are not there are named, beside those that are', async () => {
    const table = { y: [0, 1], p: [0, 1], g: ['a', 'b'] };
    await expect(askFairness(table, { by: ['G2'] })).rejects.toMatchObject({
      code: 'column-missing',
      message: expect.stringContaining('y, p, g'),
    });
    await expect(askFairness(table, { label: 'nope' })).rejects.toMatchObject({ code: 'column-missing' });
    await expect(askFairness(table, { by: [] })).rejects.toMatchObject({ code: 'usage' });
  });
});

it('refuses intersections that are no groups any more', async () => {
  const many = Array.from({ length: 5100 }, (_, row) => row);
  const table = {
    y: many.map((row) => row % 2),
    p: many.map((row) => row % 2),
    a: many.map((row) => row % 102),
    b: many.map((row) => Math.floor(row / 102)),
  };
  await expect(askFairness(table, { by: ['a*b'] })).rejects.toMatchObject({ code: 'fairness-too-many-groups' });
});

describe('a base', () => {
  const rows = 400;
  const y = Array.from({ length: rows }, (_, row) => ((row * 7) % 3 === 0 ? 1 : 0));
  const head = y.map((label, row) => (row % 11 === 0 ? 1 - label : label));
  const base = y.map((label, row) => (row % 5 === 0 && row < 200 ? 1 - label : label));
  const table = { y, p: head, b: base, g: y.map((_, row) => (row < 200 ? 'first' : 'second')) };

  it('that decides alike has changed nothing, exactly', async () => {
    const { attributes } = await askFairness({ ...table, b: head }, { basePrediction: 'b' });
    for (const { change } of attributes[0]?.disparities ?? []) {
      expect(change?.difference).toEqual({ value: 0, low: 0, high: 0 });
    }
  });

  it('changes sign with the head', async () => {
    const forth = await askFairness(table, { basePrediction: 'b' });
    const back = await askFairness(table, { prediction: 'b', basePrediction: 'p' });
    const changes = ({ attributes }: typeof forth) =>
      (attributes[0]?.disparities ?? []).map(({ change }) => change?.difference.value ?? 0);
    expect(changes(back).map((value) => 0 - value)).toEqual(changes(forth));
    const tpr = forth.attributes[0]?.disparities.find(({ measure }) => measure === 'tpr');
    expect(tpr?.base?.difference).toBeGreaterThan(tpr?.difference.value ?? 1);
    expect(tpr?.change?.difference.high).toBeLessThan(0);
  });

  it('is paired row by row: rows in another order give the same', async () => {
    const order = y.map((_, row) => (row * 173) % rows);
    const shuffled = Object.fromEntries(
      Object.entries(table).map(([name, values]) => [name, order.map((row) => values[row] ?? null)]),
    );
    const [straight, mixed] = [
      await askFairness(table, { basePrediction: 'b' }),
      await askFairness(shuffled, { basePrediction: 'b' }),
    ];
    expect(mixed).toEqual(straight);
  });
});

describe('tests of groups', () => {
  const table = {
    y: repeat([1], 300),
    p: [...repeat([1, 0], 50), ...repeat([1, 0], 50), ...repeat([1, 1, 1, 0], 25)],
    g: [...repeat(['a'], 100), ...repeat(['b'], 100), ...repeat(['c'], 100)],
  };

  it('ask one question of every group, and correct for asking it often', async () => {
    const { attributes } = await askFairness(table, { questions: ['tpr'] });
    const [test] = attributes[0]?.tests ?? [];
    // scipy 1.17.1: chi2_contingency([[50, 50], [125, 75]], correction=False) and ([[75, 25], [100, 100]]).
    expect(test?.groups.map(({ group, p }) => [group, Number(p?.toPrecision(3))])).toEqual([
      ['a', 0.0384],
      ['b', 0.0384],
      ['c', 0.0000347],
    ]);
    expect(test?.groups[2]?.holm).toBeCloseTo(3 * (test?.groups[2]?.p ?? 1), 12);
    expect(test?.groups[0]?.bh).toBeCloseTo(test?.groups[0]?.p ?? 1, 12);
  });

  it('hold every group against the reference that is named', async () => {
    const { attributes } = await askFairness(table, { questions: ['tpr'], reference: 'a' });
    const [test] = attributes[0]?.tests ?? [];
    expect(test?.groups.map(({ group, difference }) => [group, difference.value])).toEqual([
      ['b', 0],
      ['c', 0.25],
    ]);
    await expect(askFairness(table, { reference: 'z' })).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('the four-fifths heuristic', () => {
  it('looks at the favourable decision and leaves out groups of less than 2 %', async () => {
    const table = {
      y: repeat([0, 1], 101),
      p: [...repeat([1, 0], 50), ...repeat([1, 0, 0, 0], 25), 1, 1],
      g: [...repeat(['a'], 100), ...repeat(['b'], 100), 'c', 'c'],
    };
    const selected = await askFairness(table);
    expect(selected.attributes[0]?.fourFifths).toMatchObject({ ratio: 0.5, below: true, leftOut: ['c'] });
    const refused = await askFairness(table, { favourable: '0' });
    expect(refused.attributes[0]?.fourFifths).toMatchObject({ below: true, lowest: { group: 'a', value: 0.5 } });
    expect(refused.attributes[0]?.fourFifths?.ratio).toBeCloseTo(2 / 3);
  });
});

it('goes by decisions and not by a threshold where both are given, and says so', async () => {
  const table = { y: [0, 1, 1, 0], p: [1, 0, 1, 0], s: [0.1, 0.9, 0.9, 0.1], g: ['a', 'a', 'b', 'b'] };
  const { overall, threshold, notes } = await askFairness(table, { score: 's', threshold: 0.5 });
  expect([overall.tpr?.value, overall.roc_auc?.value, threshold]).toEqual([0.5, 1, null]);
  expect(notes).toEqual([expect.stringContaining('0.5')]);
});

it('does not take the lowest of many grades for a decision', async () => {
  const table = { y: [0, 1, 1, 0], p: [1, 7, 9, 3], g: ['a', 'a', 'b', 'b'] };
  await expect(askFairness(table)).rejects.toMatchObject({ message: expect.stringContaining('--threshold') });
  const { overall } = await askFairness(table, { threshold: 5 });
  expect([overall.tpr?.value, overall.fpr?.value]).toEqual([1, 0]);
  await expect(
    askFairness({ ...table, s: [1, 2, 3, 4] }, { prediction: null, score: 's', threshold: 2, basePrediction: 'p' }),
  ).rejects.toMatchObject({
    message: expect.stringContaining('--base-score'),
  });
});
