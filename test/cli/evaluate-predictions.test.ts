import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTables } from '../../adapters/duckdb/open-tables.ts';
import { evaluateVerb } from '../../cli/evaluate.ts';
import { runCommand } from '../../cli/run-command.ts';
import { evaluationSchema } from '../../pipelines/contracts/evaluation.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function evaluate(table: string | string[], ...args: string[]) {
  const text = typeof table === 'string' ? table : `${table.join('\n')}\n`;
  const name = text.startsWith('{') ? 'answers.jsonl' : 'answers.csv';
  await writeFile(join(folder, name), text);
  return pulltrain('--predictions', name, ...args);
}

async function pulltrain(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runCommand(['evaluate', ...args], [evaluateVerb], {
    directory: folder,
    environment: {},
    interactive: false,
    writeOut: (text) => {
      out += text;
    },
    writeErr: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

async function documentOf(table: string | string[], ...args: string[]) {
  const { out, err } = await evaluate(table, ...args, '--json');
  expect(err).toBe('');
  return evaluationSchema.parse(JSON.parse(out));
}
const metricOf = (evaluation: Awaited<ReturnType<typeof documentOf>>, name: string) =>
  evaluation.metrics.find((metric) => metric.name === name);

const binary = ['truth,score,place,age', '0,0.1,north,20', '0,0.4,south,31', '1,0.35,north,47', '1,0.8,south,52'];
const scored = ['--label', 'truth', '--score', 'score'];

describe('predictions of a binary model', () => {
  test('give every metric with its interval, what a dummy gets, and the slices', async () => {
    const evaluation = await documentOf(binary, ...scored, '--by', 'place');
    expect(evaluation).toMatchObject({
      source: 'predictions',
      task: 'binary',
      threshold: 0.5,
      classes: ['0', '1'],
      holdout: { rule: 'every row', rows: 4 },
    });
    expect(metricOf(evaluation, 'roc_auc')).toMatchObject({
      value: 0.75,
      n: 4,
      baseline: { predictor: 'prior', value: 0.5 },
    });
    expect(metricOf(evaluation, 'pr_auc')?.value).toBeCloseTo(0.8333333333333333, 12);
    expect(metricOf(evaluation, 'accuracy')).toMatchObject({
      value: 0.75,
      baseline: { predictor: 'most frequent', value: 0.5 },
    });
    expect(evaluation.slices?.map(({ group, n }) => [group, n])).toEqual([
      ['north', 2],
      ['south', 2],
    ]);
    expect(evaluation.cost).toBeUndefined();
    expect(evaluation.groups.map(({ group }) => group)).toEqual(['north', 'south']);
  });

  test('are the same from CSV, JSON lines and Parquet, and so are the rows', async () => {
    const [header = '', ...lines] = binary;
    const names = header.split(',');
    const json = lines.map((line) =>
      JSON.stringify(
        Object.fromEntries(line.split(',').map((cell, at) => [names[at], at === 2 ? cell : Number(cell)])),
      ),
    );
    const csv = await documentOf(binary, ...scored, '--by', 'place');
    const fromJson = await documentOf(json, ...scored, '--by', 'place');
    const tables = await openTables({ threads: 1 });
    await tables.query(
      `COPY (FROM '${join(folder, 'answers.csv')}') TO '${join(folder, 'answers.parquet')}' (FORMAT parquet)`,
    );
    tables.close();
    const { out } = await pulltrain('--predictions', 'answers.parquet', ...scored, '--by', 'place', '--json');
    const parquet = evaluationSchema.parse(JSON.parse(out));
    for (const other of [fromJson, parquet]) {
      expect(other.metrics).toEqual(csv.metrics);
      expect(other.holdout.integrity).toBe(csv.holdout.integrity);
    }
  });

  test('are sliced by combinations of values, and numbers of many values in fifths', async () => {
    const many = Array.from({ length: 1000 }, (_, row) => `${row % 2},0.${row % 7},p${row % 3},k${row % 2},${row / 7}`);
    const evaluation = await documentOf(['truth,score,place,kind,size', ...many], ...scored, '--by', 'place*kind,size');
    const groups = (by: string) =>
      evaluation.slices?.flatMap((slice) => (slice.by === by ? [[slice.group, slice.n]] : []));
    expect(groups('place*kind')).toEqual([
      ['p0, k0', 167],
      ['p0, k1', 167],
      ['p1, k0', 166],
      ['p1, k1', 167],
      ['p2, k0', 167],
      ['p2, k1', 166],
    ]);
    expect(groups('size')?.map(([, n]) => n)).toEqual([200, 199, 200, 201, 200]);
  });

  test('leave a document and the rows beside it, named by truth and groups and not by what was predicted', async () => {
    const { code } = await evaluate(binary, ...scored, '--by', 'place', '--out', 'first.json');
    expect(code).toBe(0);
    const first = await documentOf(binary, ...scored, '--by', 'place');
    const other = await documentOf(
      binary.map((line) => line.replace('0.35', '0.9')),
      ...scored,
      '--by',
      'place',
    );
    const otherTruth = await documentOf(
      binary.map((line) => line.replace('1,0.35', '0,0.35')),
      ...scored,
      '--by',
      'place',
    );
    expect(other.holdout.integrity).toBe(first.holdout.integrity);
    expect(otherTruth.holdout.integrity).not.toBe(first.holdout.integrity);
    const tables = await openTables({ threads: 1 });
    const rows = await tables.query(`FROM '${join(folder, 'first.parquet')}'`);
    tables.close();
    expect(rows[2]).toEqual({ row: 2, label: 1, score: 0.35, place: 'north' });
  });

  test.each([
    ['true and false', ['truth,score', 'true,0.9', 'false,0.2'], []],
    ['two words and which is meant', ['truth,score', 'bad,0.9', 'good,0.2'], ['--positive', 'bad']],
    [
      'yes and no, which a table engine takes for truth values',
      ['truth,score', 'yes,0.9', 'no,0.2'],
      ['--positive', 'yes'],
    ],
    ['-1 and 1', ['truth,score', '1,0.9', '-1,0.2'], ['--positive', '1']],
    ['1 and 2, the latter written as 2.0', ['truth,score', '2,0.9', '1,0.2'], ['--positive', '2.0']],
  ])('may be labelled by %s', async (_, table, args) => {
    const evaluation = await documentOf(table, ...scored, ...args);
    expect(metricOf(evaluation, 'roc_auc')?.value).toBe(1);
    expect(metricOf(evaluation, 'accuracy')?.value).toBe(1);
  });

  test('may bring their own decisions', async () => {
    const table = ['truth,score,said', 'bad,0.9,good', 'good,0.2,good', 'bad,0.7,bad'];
    const evaluation = await documentOf(table, ...scored, '--prediction', 'said', '--positive', 'bad');
    expect(evaluation.threshold).toBeNull();
    expect(metricOf(evaluation, 'recall')).toMatchObject({ value: 0.5, n: 2 });
    expect(metricOf(evaluation, 'roc_auc')?.value).toBe(1);
  });

  test('without scores are measured by their decisions alone', async () => {
    const evaluation = await documentOf(
      ['truth,said', '1,1', '0,1', '1,0'],
      '--label',
      'truth',
      '--prediction',
      'said',
    );
    expect(metricOf(evaluation, 'precision')?.value).toBe(0.5);
    expect(evaluation.metrics.some(({ name }) => name === 'roc_auc')).toBe(false);
  });

  test('that are no probabilities have an area, and neither losses nor, without a threshold, decisions', async () => {
    const logits = ['truth,score', '1,3.5', '0,-2', '1,0.5', '0,0.6'];
    const evaluation = await documentOf(logits, ...scored);
    expect(metricOf(evaluation, 'roc_auc')?.value).toBe(0.75);
    expect(evaluation.undefinedMetrics).toContainEqual({
      name: 'log_loss',
      value: null,
      n: 4,
      reason: 'the scores are no probabilities: they lie in -2 to 3.5',
    });
    expect(evaluation.undefinedMetrics?.find(({ name }) => name === 'accuracy')?.reason).toMatch('no threshold');
    expect(metricOf(await documentOf(logits, ...scored, '--threshold', '0'), 'accuracy')?.value).toBe(0.75);
  });

  test('of one class only say what that leaves undefined', async () => {
    const evaluation = await documentOf(['truth,score', '1,0.9', '1,0.4'], ...scored);
    const missing = evaluation.undefinedMetrics?.map(({ name }) => name);
    expect(missing).toEqual(['roc_auc', 'balanced_accuracy', 'specificity', 'mcc']);
    expect(metricOf(evaluation, 'recall')?.value).toBe(0.5);
  });

  test('of one row, and of one score for all rows, are measured as far as they go', async () => {
    const one = await documentOf(['truth,score', '1,0.7'], ...scored);
    expect(metricOf(one, 'log_loss')).toMatchObject({ value: -Math.log(0.7), interval: null });
    const constant = await documentOf(['truth,score', '1,0.5', '0,0.5', '1,0.5', '0,0.5'], ...scored);
    expect(metricOf(constant, 'roc_auc')?.value).toBe(0.5);
    expect(constant.undefinedMetrics?.map(({ name }) => name)).toEqual(['mcc']);
  });
});

describe('predictions of other models', () => {
  test('of several classes, named by their columns', async () => {
    const table = [
      'kind,p_cat,p_dog,p_emu',
      'cat,0.7,0.2,0.1',
      'dog,0.5,0.4,0.1',
      'emu,0.1,0.1,0.8',
      'cat,0.6,0.3,0.1',
    ];
    const evaluation = await documentOf(table, '--label', 'kind', '--score', 'p_');
    expect(evaluation).toMatchObject({ task: 'multiclass', classes: ['cat', 'dog', 'emu'] });
    expect(metricOf(evaluation, 'accuracy')?.value).toBe(0.75);
    expect(metricOf(evaluation, 'top_k@2')?.value).toBe(1);
    expect(evaluation.curves?.confusion?.counts).toEqual([
      [2, 0, 0],
      [1, 0, 0],
      [0, 0, 1],
    ]);
    const dog = evaluation.byClass?.find((one) => one.class === 'dog');
    expect(dog?.metrics.find(({ name }) => name === 'precision')).toMatchObject({
      value: null,
      reason: 'no positive decision',
    });
  });

  test('of several classes in an order that is listed', async () => {
    const table = ['kind,s1,s2', 'x,0.7,0.3', 'z,0.2,0.8'];
    const evaluation = await documentOf(table, '--label', 'kind', '--score', 's1,s2', '--classes', 'z,x');
    expect(metricOf(evaluation, 'accuracy')?.value).toBe(0);
  });

  test('of several labels', async () => {
    const table = ['a,b,sa,sb', '1,0,0.9,0.2', '0,1,0.2,0.4', '1,1,0.8,0.9'];
    const evaluation = await documentOf(table, '--label', 'a,b', '--score', 'sa,sb');
    expect(evaluation).toMatchObject({ task: 'multilabel', classes: ['a', 'b'], threshold: 0.5 });
    expect(metricOf(evaluation, 'hamming_loss')?.value).toBeCloseTo(1 / 6, 12);
    expect(metricOf(evaluation, 'accuracy')?.value).toBeCloseTo(2 / 3, 12);
  });

  test('of numbers, against the best constant', async () => {
    const table = ['truth,score', '3,2.5', '-0.5,0', '2,2', '7,8'];
    const evaluation = await documentOf(table, ...scored);
    expect(evaluation.task).toBe('regression');
    expect(metricOf(evaluation, 'rmse')).toMatchObject({ baseline: { predictor: 'mean' } });
    expect(metricOf(evaluation, 'mae')).toMatchObject({ value: 0.5, baseline: { predictor: 'median', value: 2.125 } });
    expect(metricOf(evaluation, 'r2')?.baseline?.value).toBeCloseTo(0, 12);
  });

  test('of ranked rows, a query at a time', async () => {
    const table = ['query,truth,score', 'a,1,0.9', 'b,0,0.8', 'a,0,0.1', 'b,2,0.3', 'c,0,0.5'];
    const evaluation = await documentOf(table, ...scored, '--query', 'query');
    expect(evaluation.task).toBe('ranking');
    // Query c has no relevant row and says nothing.
    expect(metricOf(evaluation, 'ndcg')).toMatchObject({ n: 2 });
    expect(metricOf(evaluation, 'ndcg')?.value).toBeCloseTo((1 + 1 / Math.log2(3)) / 2, 12);
    expect(metricOf(evaluation, 'mrr')?.value).toBe(0.75);
    await evaluate(table, ...scored, '--query', 'query', '--out', 'ranked.json');
    const tables = await openTables({ threads: 1 });
    const rows = await tables.query(`FROM '${join(folder, 'ranked.parquet')}'`);
    tables.close();
    expect(rows.map(({ query }) => query)).toEqual([0, 1, 0, 1, 2]);
  });
});

describe('predictions that cannot be judged', () => {
  test('for want of values are refused by column and row, or left out and counted when asked', async () => {
    const table = ['truth,score', '1,0.5', ',0.2', '0,', '1,NA', '0,0.1'];
    const { code, err } = await evaluate(table, ...scored);
    expect(code).toBe(1);
    expect(err).toMatch('3 rows lack a value (got 1 in --label truth, 2 in --score score; rows 2, 3, 4)');
    const kept = await documentOf(table, ...scored, '--drop-missing');
    expect(kept.holdout).toMatchObject({ rows: 2, rule: 'every complete row, 3 of 5 left out' });
  });

  test.each([
    ['a score that is text', ['truth,score', '1,abc', '0,0.1'], scored, 'no finite number (got row 1: "abc")'],
    ['an infinite score', ['truth,score', '1,inf', '0,0.1'], scored, 'no finite number'],
    ['no row', ['truth,score'], scored, 'the table has no row'],
    ['an empty file', '', scored, 'the file is empty'],
    ['three values', ['truth,score', 'yes,1', 'no,0', 'maybe,0'], scored, 'not clear what the score says'],
    ['two values of unknown meaning', ['truth,score', 'good,1', 'bad,0'], scored, 'Pass it as --positive'],
    [
      'a positive value that is not there',
      ['truth,score', 'good,1', 'bad,0'],
      [...scored, '--positive', 'god'],
      'no label is "god"',
    ],
    ['a column by another name', ['truth,scoer', '1,0.4'], scored, 'Did you mean scoer?'],
    ['a name twice', ['truth,score,score', '1,0.4,0.5'], scored, 'columns with one name'],
    ['a group column that the answer needs', ['truth,score,row', '1,0.4,1'], [...scored, '--by', 'row'], 'named row'],
    [
      'a metric of another task',
      ['truth,score', '1,0.4'],
      [...scored, '--metrics', 'rmse'],
      'not defined for task binary',
    ],
    ['no answer', ['truth,score', '1,0.4'], ['--label', 'truth'], 'nothing to measure'],
    ['rows named twice', ['truth,score,id', '1,0.4,a', '0,0.3,a'], [...scored, '--id', 'id'], 'named more than once'],
    ['a relevance below 0', ['truth,score,q', '-1,0.4,a'], [...scored, '--query', 'q'], 'a relevance below 0'],
    [
      'a decision that is none',
      ['truth,score,said', 'a,0.4,b', 'c,0.1,x'],
      [...scored, '--positive', 'a', '--prediction', 'said'],
      'none of the classes (got "b" in row 1',
    ],
    [
      'classes that no column is about',
      ['truth,p_a,p_b', 'c,0.4,0.6', 'a,0.2,0.8'],
      ['--label', 'truth', '--score', 'p_'],
      'which column is about which class',
    ],
  ])('%s', async (_, table, args, message) => {
    const { code, err, out } = await evaluate(table, ...args);
    expect(code).toBeGreaterThan(0);
    expect(out).toBe('');
    expect(err.split('\n')[0]).toMatch(message);
  });

  test('numbers too large to be squared leave metrics undefined, and the document whole', async () => {
    const evaluation = await documentOf(['truth,score', '1e308,-1e308', '-1e308,1e308', '3.5,2'], ...scored);
    expect(evaluation.undefinedMetrics?.map(({ name }) => name)).toEqual(expect.arrayContaining(['mse', 'r2']));
  });

  test('names from the data cannot move the cursor of a terminal', async () => {
    const { out, code } = await evaluate(
      'truth,score,"a|b`@everyone"\n1,0.7,"x|`\n@e\u202e\u001b[2J"\n0,0.2,z\n',
      ...scored,
      '--by',
      'a|b`@everyone',
    );
    expect(code).toBe(0);
    expect(out).toMatch('x|`·@e··[2J');
  });
});

describe('where the model errs most', () => {
  test('is found in a pair of columns, and by chance nowhere', async () => {
    // Wrong for one kind in one place; right elsewhere, but for every tenth row.
    const rows = Array.from({ length: 2000 }, (_, row) => {
      const [truth, place, kind, noise] = [row % 2, row % 3, row % 5, row % 10 === 0];
      const wrong = (place === 1 && kind === 2) || noise;
      return `${truth},${wrong ? (truth === 1 ? 0.2 : 0.8) : truth === 1 ? 0.8 : 0.2},p${place},k${kind}`;
    });
    const bad = await documentOf(['truth,score,place,kind', ...rows], ...scored);
    const [worst] = bad.worstSlices?.slices ?? [];
    expect(worst?.where).toEqual([
      { by: 'place', group: 'p1' },
      { by: 'kind', group: 'k2' },
    ]);
    expect(worst?.adjustedP).toBeLessThan(1e-6);
    expect(worst?.interval.low).toBeGreaterThan(0);
    expect(bad.worstSlices).toMatchObject({ loss: 'log loss', columns: ['place', 'kind'], tested: 23, minSize: 50 });
    const anywhere = rows.map((row, at) =>
      row.replace(/p\d,k\d/, `p${Math.floor(at / 7) % 3},k${Math.floor(at / 11) % 5}`),
    );
    const even = await documentOf(['truth,score,place,kind', ...anywhere], ...scored);
    expect(even.worstSlices?.slices.filter(({ adjustedP }) => adjustedP < 0.05)).toEqual([]);
  });
});
