import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportVerb } from '../../cli/report.ts';
import { runCommand } from '../../cli/run-command.ts';
import { fullJudgement } from '../reports/page/full-judgement.ts';

let folder = '';
const judgement = fullJudgement();
const { headEvaluation, baseEvaluation } = judgement.evaluated;
const documents: Record<string, unknown> = {
  'judgement.json': judgement,
  'head.json': headEvaluation,
  'base.json': { ...baseEvaluation, sha256: 'b'.repeat(64) },
  'comparison.json': {
    ...judgement.comparison,
    base: { sha256: 'b'.repeat(64), evaluation: judgement.comparison?.head.evaluation },
  },
  'other-rows.json': { ...baseEvaluation, holdout: { ...baseEvaluation?.holdout, integrity: judgement.evaluated.key } },
  'later.json': { ...judgement, version: 2 },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-report-'));
  for (const [name, document] of Object.entries(documents))
    await writeFile(join(folder, name), JSON.stringify(document));
  await writeFile(join(folder, 'text.json'), 'no JSON');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function pulltrain(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runCommand(['report', ...args], [reportVerb], {
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
const head = (bytes: Buffer) => bytes.subarray(1, 4).toString('latin1');

describe('pulltrain report', () => {
  test('writes the page of a judgement, and every picture as SVG and PNG', async () => {
    const { code, out } = await pulltrain(
      'judgement.json',
      '--html',
      'new/report.html',
      '--svg',
      'svg',
      '--png',
      'png',
    );
    expect(code).toBe(0);
    expect(out).toContain('report.html');
    expect(await readFile(join(folder, 'new/report.html'), 'utf8')).toContain('Can be merged');
    const svg = await readdir(join(folder, 'svg'));
    expect(svg).toContain('roc-curve.svg');
    expect(await readdir(join(folder, 'png'))).toEqual(svg.map((name) => name.replace('.svg', '.png')));
    const png = await readFile(join(folder, 'png/roc-curve.png'));
    expect(head(png)).toBe('PNG');
    // Texts are there also where the machine has no fonts: an empty frame takes far fewer bytes.
    expect(png.length).toBeGreaterThan(10_000);
  }, 20_000);

  test('puts an evaluation, its base and their comparison together', async () => {
    const files = ['head.json', 'comparison.json', '--base', 'base.json'];
    expect(await pulltrain(...files, '--html', 'both.html', '--json')).toMatchObject({ code: 0 });
    const html = await readFile(join(folder, 'both.html'), 'utf8');
    expect(html).toContain('Evaluation of flight-delay');
    expect(html).toMatch(/base 0\.\d{4}/);
    expect(html).toContain('id="slice-changes"');
  });

  test.each([
    [['head.json', 'comparison.json', '--base', 'head.json'], 'the comparison is not about this base'],
    [['base.json', 'comparison.json'], 'the comparison is not about this head'],
    [['head.json', '--base', 'other-rows.json'], 'base and head were measured on different rows'],
    [['judgement.json', 'comparison.json'], 'a judgement holds its comparison and its base already'],
    [['comparison.json'], 'neither a judgement nor an evaluation'],
    [['later.json'], 'the document does not fit its schema'],
    [['text.json'], 'not a JSON file that can be read'],
    [['gone.json'], 'not a JSON file that can be read'],
  ])('refuses %j with a sentence', async (files, sentence) => {
    const { code, err } = await pulltrain(...files, '--html', 'refused.html');
    expect(code).not.toBe(0);
    expect(err).toContain(sentence);
    expect(await readdir(folder)).not.toContain('refused.html');
  });

  test('asks for something to write', async () => {
    const { code, err } = await pulltrain('judgement.json');
    expect(code).toBe(2);
    expect(err).toContain('--html FILE, --svg DIR or --png DIR');
  });
});
