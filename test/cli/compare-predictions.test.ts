import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareVerb } from '../../cli/compare.ts';
import { evaluateVerb } from '../../cli/evaluate.ts';
import { runCommand } from '../../cli/run-command.ts';
import { comparisonSchema } from '../../pipelines/contracts/comparison.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'));
  // The table [[101, 121], [59, 33]] of statsmodels' and mlxtend's tests, row by row: base right or wrong, head right or wrong.
  const cells = [
    ...Array(101).fill([1, 1]),
    ...Array(121).fill([1, 0]),
    ...Array(59).fill([0, 1]),
    ...Array(33).fill([0, 0]),
  ];
  const lines = cells.map(([base, head], row) => {
    const label = row % 2;
    return `${label},${base === 1 ? label : 1 - label},${head === 1 ? label : 1 - label},c${row % 40}`;
  });
  await writeFile(join(folder, 'table.csv'), `${['late,old,new,customer', ...lines].join('\n')}\n`);
  await writeFile(join(folder, 'short.csv'), `${['late,old,new,customer', ...lines.slice(1)].join('\n')}\n`);
  for (const name of ['old', 'new']) await evaluate('table.csv', name, `${name}.json`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function pulltrain(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runCommand(args, [evaluateVerb, compareVerb], {
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
async function evaluate(file: string, prediction: string, out: string): Promise<void> {
  const asked = ['--label', 'late', '--prediction', prediction, '--cluster', 'customer', '--name', 'flight-delay'];
  const { code, err } = await pulltrain('evaluate', '--predictions', file, ...asked, '--out', out);
  expect(err.includes('pulltrain evaluate:') ? err : '').toBe('');
  expect(code).toBe(0);
}
async function compare(...args: string[]) {
  const { code, err } = await pulltrain('compare', ...args, '--out', 'comparison.json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return comparisonSchema.parse(JSON.parse(await readFile(join(folder, 'comparison.json'), 'utf8')));
}

describe('pulltrain compare on predictions that were made elsewhere', () => {
  test("gives McNemar's table and every form of its test as published", async () => {
    const { metrics } = await compare('old.json', 'new.json');
    const accuracy = metrics.find(({ name }) => name === 'accuracy')?.delta;
    expect(accuracy?.agreement).toEqual({ bothRight: 101, onlyBaseRight: 121, onlyHeadRight: 59, bothWrong: 33 });
    expect(accuracy?.value).toBeCloseTo(-62 / 314, 14);
    const seen = Object.fromEntries(accuracy?.tests?.map(({ name, statistic, p }) => [name, [statistic, p]]) ?? []);
    const close = (value: number) => expect.closeTo(value, 12);
    expect(seen).toEqual({
      'McNemar exact': [59, close(4.43444926375551e-6)],
      'McNemar mid-p': [59, close(3.2666467958e-6)],
      'McNemar chi-squared': [close(21.355555555555554), close(3.8151358651125936e-6)],
      'McNemar chi-squared, continuity corrected': [close(20.672222222222221), close(5.450094825427117e-6)],
    });
  });

  test('negates when base and head are swapped, and finds nothing in a copy', async () => {
    const [there, back] = [await compare('old.json', 'new.json'), await compare('new.json', 'old.json')];
    there.metrics.forEach(({ name, delta }, at) => {
      const other = back.metrics[at]?.delta;
      expect([other?.value, other?.low, other?.high], name).toEqual([
        0 - (delta?.value ?? Number.NaN),
        0 - (delta?.high ?? Number.NaN),
        0 - (delta?.low ?? Number.NaN),
      ]);
    });
    const copy = await compare('old.json', 'old.json');
    expect(copy.identical).toBe(true);
    expect(copy.metrics.every(({ delta }) => delta?.value === 0 && delta.low === 0 && delta.high === 0)).toBe(true);
  });

  test('says the same twice, and draws customers when asked', async () => {
    const first = await compare('old.json', 'new.json', '--seed', '7');
    expect(await compare('old.json', 'new.json', '--seed', '7')).toEqual(first);
    expect(await compare('old.json', 'new.json', '--seed', '8')).not.toEqual({ ...first, seed: 8 });
    const grouped = await compare('old.json', 'new.json', '--cluster', 'customer', '--interval', 'percentile');
    expect(grouped).toMatchObject({ cluster: 'customer', interval: 'percentile' });
    expect(grouped.metrics[0]?.delta?.method).toBe('paired bootstrap of groups of customer, 2000 draws, percentile');
    expect(grouped.metrics[0]?.delta?.n).toBe(40);
  });

  test('refuses other rows and options that mean nothing, each with a sentence', async () => {
    await evaluate('short.csv', 'old', 'short.json');
    expect(await pulltrain('compare', 'short.json', 'new.json')).toMatchObject({
      code: 1,
      err: expect.stringContaining('not of the same rows'),
    });
    expect((await pulltrain('compare', 'old.json', 'new.json', '--cluster', 'nobody')).err).toContain('no such column');
    for (const [option, value] of [
      ['--resamples', '3'],
      ['--seed', '-1'],
      ['--interval', 'basic'],
    ] as const) {
      const { code, err } = await pulltrain('compare', 'old.json', 'new.json', `${option}=${value}`);
      expect([code, err]).toEqual([2, expect.stringContaining(option)]);
    }
  });
});
