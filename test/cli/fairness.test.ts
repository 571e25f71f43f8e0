import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fairnessVerb } from '../../cli/fairness.ts';
import { runCommand } from '../../cli/run-command.ts';
import { fairnessSchema } from '../../pipelines/contracts/fairness.ts';
import { fakeSurroundings } from '../fixtures/fake-surroundings.ts';

let folder = '';
const hostile = '<img src=x onerror=alert(1)>|`@everyone` </details>\u202e';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-fairness-'));
  const rows = Array.from({ length: 400 }, (_, row) => ({
    income: (row * 7) % 5 < 2 ? '>50K' : '<=50K',
    guess: (row * 3) % 7 < 3 ? '>50K' : '<=50K',
    score: ((row * 37) % 100) / 100,
    sex: row % 3 === 0 ? 'Female' : 'Male',
    place: row % 50 === 0 ? null : row % 2 === 0 ? hostile : 'B',
  }));
  const quote = (value: unknown) => (value === null ? '' : `"${String(value).replaceAll('"', '""')}"`);
  const csv = [Object.keys(rows[0] ?? {}).join(','), ...rows.map((row) => Object.values(row).map(quote).join(','))];
  await writeFile(join(folder, 'rows.csv'), `${csv.join('\n')}\n`);
  await writeFile(join(folder, 'rows.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function pulltrain(...args: string[]) {
  const { surroundings, said } = fakeSurroundings(folder);
  const code = await runCommand(['fairness', ...args], [fairnessVerb], surroundings);
  return { code, ...said };
}
const asked = ['--label', 'income', '--prediction', 'guess', '--positive', '>50K', '--by', 'sex,place,sex*place'];

describe('pulltrain fairness', () => {
  it('gives the same document for the same rows, however they are written', async () => {
    const csv = await pulltrain('--data', 'rows.csv', ...asked, '--out', 'fairness.json', '--json');
    expect(csv.code).toBe(0);
    const document = fairnessSchema.parse(JSON.parse(csv.out));
    expect(fairnessSchema.parse(JSON.parse(await readFile(join(folder, 'fairness.json'), 'utf8')))).toEqual(document);
    const lines = await pulltrain('--data', 'rows.jsonl', ...asked, '--json');
    expect({ ...fairnessSchema.parse(JSON.parse(lines.out)), data: 'rows.csv' }).toEqual(document);
    expect(document.attributes.map(({ by, groups }) => [by, groups.map(({ n }) => n)])).toEqual([
      ['sex', [134, 266]],
      ['place', [192, 200, 8]],
      ['sex*place', expect.any(Array)],
    ]);
    expect(document.attributes[1]?.groups.map(({ values }) => values[0])).toEqual([hostile, 'B', null].toSorted());
  });

  it('says in words who is farthest apart, and which groups are too small', async () => {
    const { code, out } = await pulltrain('--data', 'rows.csv', ...asked);
    expect(code).toBe(0);
    expect(out).toMatch(
      /Equal opportunity +0\.\d{4} \[0\.\d{4}, 0\.\d{4}\] {2}(Female|Male) 0\.\d{4} to (Female|Male) 0\.\d{4}, ratio 0\.\d{4}/,
    );
    expect(out).toContain('too small to judge: (missing)');
    expect(out).not.toContain('\u202e');
  });

  it('calls values as they are written, also those that look like truth values or days', async () => {
    const rows = ['y,p,g', 'yes,yes,yes', 'no,yes,no', 'yes,no,yes', 'no,no,no'];
    await writeFile(join(folder, 'flags.csv'), `${rows.join('\n')}\n`);
    const { out } = await pulltrain('--data', 'flags.csv', '--label', 'y', '--prediction', 'p', '--by', 'g', '--json');
    const { positive, overall, attributes } = fairnessSchema.parse(JSON.parse(out));
    expect([positive, overall.tpr?.value]).toEqual(['yes', 0.5]);
    expect(attributes[0]?.groups.map(({ group }) => group)).toEqual(['no', 'yes']);
  });

  it('draws a page in which no name is more than a name', async () => {
    const { code } = await pulltrain('--data', 'rows.csv', ...asked, '--score', 'score', '--html', 'page.html');
    expect(code).toBe(0);
    const page = await readFile(join(folder, 'page.html'), 'utf8');
    expect(page).toContain('&lt;img src=x');
    expect(page).not.toMatch(/<img|<script|\u202e/);
    expect(page).toContain('<svg');
  });

  it.each([
    [['--data', 'nothing.csv', ...asked], 1, 'there is no such file'],
    [['--data', 'rows.csv', '--label', 'income', '--prediction', 'guess', '--by', 'sex'], 1, '--positive'],
    [['--data', 'rows.csv', '--label', 'income', '--by', 'sex'], 2, '--prediction'],
    [['--data', 'rows.csv', ...asked, '--min-group', '0'], 2, '--min-group'],
    [['--data', 'rows.csv', ...asked, '--question', 'tprr'], 2, 'tpr'],
    [['--data', 'rows.csv', ...asked.slice(0, -1), 'colour'], 1, 'colour'],
  ] as const)('ends %j with %i and a sentence', async (args, exit, sentence) => {
    const { code, err } = await pulltrain(...args);
    expect([code, err.includes(sentence)]).toEqual([exit, true]);
  });
});
