import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explainVerb } from '../../cli/explain.ts';
import { runCommand } from '../../cli/run-command.ts';
import { explanationSchema } from '../../pipelines/contracts/explanation.ts';
import { buildLogisticModel } from '../fixtures/onnx-model.ts';
import { buildWordModel } from '../fixtures/onnx-word-model.ts';

/** A category as hostile as data can hold it. */
const hostile = '<img src=x>\u202e|`@everyone';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-explain-'));
  const words = ['good', 'bad', hostile];
  const weights: Record<string, number> = { good: 2, bad: -2, [hostile]: 0 };
  const rows = Array.from({ length: 400 }, (_, row) => {
    const word = words[row % 3] ?? '';
    const count = (row * 7) % 10;
    const late = Number(((row * 37) % 100) / 100 < 1 / (1 + Math.exp(-(weights[word] ?? 0) - 0.2 * (count - 4.5))));
    return `"${word}",${count},${row % 2 === 0},${late}`;
  });
  await writeFile(join(folder, 'words.csv'), ['word,count,flag,late', ...rows].join('\n'));
  await writeFile(join(folder, 'head.onnx'), buildWordModel({ words: weights, perCount: 0.2, whenFlagged: 0 }));
  await writeFile(join(folder, 'base.onnx'), buildLogisticModel({ inputs: ['count'], weights: [0.2], bias: -0.9 }));
  await writeFile(
    join(folder, 'pulltrain.yml'),
    `version: 1
models:
  words:
    task: binary
    output: out/model.onnx
    holdout: { data: words.csv, target: late }
    metrics: { primary: log_loss }
`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function pulltrain(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runCommand(args, [explainVerb], {
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
const explain = (...args: string[]) => pulltrain('explain', '--model', 'head.onnx', '--data', 'words.csv', ...args);

describe('pulltrain explain', () => {
  test('tells what a model goes by, what changed from base, and why a row got its answer', async () => {
    const { code, out, err } = await explain(
      '--base',
      'base.onnx',
      '--row',
      '0',
      '--json',
      '--out',
      'explanation.json',
    );
    expect(err).toContain('400 rows');
    expect(code).toBe(0);
    const found = explanationSchema.parse(JSON.parse(out));
    expect(JSON.parse(await readFile(join(folder, 'explanation.json'), 'utf8'))).toEqual(found);
    expect(found.head.importance.map(({ feature }) => feature)).toEqual(['word', 'count', 'flag']);
    const [word, , flag] = found.head.importance;
    expect(word?.interval?.low).toBeGreaterThan(0);
    expect(flag?.value).toBe(0);
    expect(found.change.find(({ feature }) => feature === 'word')).toMatchObject({ base: null, delta: null });
    // Both go by the count alike, and the interval of the difference says so.
    const count = found.change.find(({ feature }) => feature === 'count')?.delta;
    expect(count?.interval?.low).toBeLessThan(count?.value ?? Number.NaN);
    expect(found.head.attributions?.method).toBe('exact');
    expect(found.head.dependence.find(({ feature }) => feature === 'word')?.points.map(({ at }) => at)).toEqual(
      expect.arrayContaining(['good', 'bad', hostile]),
    );

    const [why] = found.row?.outputs ?? [];
    // Row 0: a good word, no count, flagged.
    expect(why?.prediction).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
    const sum = why?.contributions.reduce((all, { shap }) => all + shap, why.baseline);
    expect(Math.abs((sum ?? 0) - (why?.prediction ?? 1))).toBeLessThan(1e-9);
    expect(why?.contributions[0]).toMatchObject({ feature: 'word', value: 'good' });
  });

  test('answers the same for the same seed and otherwise for another', async () => {
    const seeds = ['1', '1', '2'].map((seed) => explain('--json', '--rows', '60', '--seed', seed));
    const [one, two, other] = await Promise.all(seeds);
    expect(one?.code).toBe(0);
    expect(one?.out).toBe(two?.out);
    expect(other?.out).not.toBe(one?.out);
  });

  test('draws bars for a person, and lets no text from the data move the cursor', async () => {
    const { code, out } = await explain('--base', 'base.onnx', '--row', '2');
    expect(code).toBe(0);
    expect(out).toMatch(/word +█{24} +0\.\d{4} {2}\[0\.\d{4}, 0\.\d{4}\] {2}new/);
    expect(out).toMatch(/count +█* +0\.\d{4} {2}\[.*\] {2}[+-]\d\.\d{4} from base/);
    expect(out).toMatch(/Why row 2 got 0\.\d{4}, exact/);
    expect(out).toMatch(/word = <img/);
    expect(out).not.toContain('\u202e');
  });

  test('writes a page that loads nothing and escapes what it shows', async () => {
    expect((await explain('--row', '2', '--html', 'page.html')).code).toBe(0);
    const page = await readFile(join(folder, 'page.html'), 'utf8');
    expect(page).toContain('Why row 2 got its answer');
    expect(page).toContain('What the model goes by');
    expect(page).toContain("default-src 'none'");
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;img');
  });

  test.each([
    ['a row that is not there', ['--row', '400'], /--row cannot be 400.*0 to 399/],
    ['a row that is no number', ['--row', '-1'], /row/],
    ['too few rows', ['--rows', '1'], /--rows cannot be 1/],
    ['a base that is not there', ['--base', 'none.onnx'], /no such file/],
    ['a seed that is none', ['--seed', 'x'], /--seed cannot be x/],
    ['a base that is no model', ['--base', 'words.csv'], /ONNX/],
  ])('%s is answered with a sentence', async (_, args, message) => {
    const { code, err, out } = await explain(...args);
    expect(code).toBeGreaterThan(0);
    expect(err).toMatch(message);
    expect(out).toBe('');
  });
});
