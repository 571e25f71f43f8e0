import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../cli/run-command.ts';
import { verbs } from '../../../cli/verbs.ts';
import { fakeSurroundings } from '../../fixtures/fake-surroundings.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'pulltrain-test-'));
  const lines = Array.from(
    { length: 60 },
    (_, at) => `${at},${at % 7 === 0 ? 'NA' : at / 2},${at % 3 === 0 ? 'late' : 'early'}`,
  );
  writeFileSync(join(directory, 'all.csv'), `id,x,late\n${lines.join('\n')}\n`);
  writeFileSync(join(directory, 'one.csv'), `id,x,late\n${lines.slice(0, 25).join('\n')}\n`);
  writeFileSync(join(directory, 'two.csv'), `id,x,late\n${lines.slice(25).join('\n')}\n`);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function profile(...args: string[]) {
  const { surroundings, said } = fakeSurroundings(directory);
  return { exit: await runCommand(['data', 'profile', ...args], verbs, surroundings), ...said };
}

describe('pulltrain data profile', () => {
  it('tells a table on the terminal', async () => {
    const { exit, out } = await profile('all.csv', '--label', 'late');
    expect(exit).toBe(0);
    expect(out).toContain('all.csv: 60 rows, 3 columns');
    expect(out).toMatch(/x +double +15\.0 %/);
    expect(out).toMatch(/Label late\n +early +40 +66\.7 %/);
  });

  it('writes the profile and a page, and answers machines', async () => {
    const { exit, out } = await profile('all.csv', '--out', 'all.json', '--html', 'all.html', '--json');
    expect(exit).toBe(0);
    const { profile: document, summary } = JSON.parse(out);
    expect(summary.columns.map(({ name }: { name: string }) => name)).toEqual(['id', 'x', 'late']);
    expect(JSON.parse(readFileSync(join(directory, 'all.json'), 'utf8'))).toEqual(document);
    expect(readFileSync(join(directory, 'all.html'), 'utf8')).toContain('<svg');
  });

  it('folds profiles of parts into that of the whole', async () => {
    for (const part of ['one', 'two']) await profile(`${part}.csv`, '--out', `${part}.json`);
    const folded = await profile('fold', 'one.json', 'two.json', '--label', 'late', '--json');
    const whole = await profile('all.csv', '--label', 'late', '--json');
    const { columns, duplicates, label, rows } = JSON.parse(folded.out).summary;
    expect({ columns, duplicates, label, rows }).toEqual({
      columns: JSON.parse(whole.out).summary.columns.map((column: object, at: number) => ({
        ...column,
        numbers: columns[at].numbers,
      })),
      duplicates: JSON.parse(whole.out).summary.duplicates,
      label: JSON.parse(whole.out).summary.label,
      rows: 60,
    });
    const [{ numbers }] = columns;
    expect([numbers.min, numbers.max, numbers.mean]).toEqual([0, 59, 29.5]);
  });

  it.each([
    [['missing.csv'], /missing\.csv: there is no such file/],
    [['all.csv', '--label', 'nope'], /no such label column \(got nope; allowed: id, x, late\)/],
    [['.'], /not a file/],
    [['notes.txt'], /there is no such file/],
    [['all.csv', 'two.csv'], /one file at a time/],
    [['all.csv', '--skip', '-1'], /--skip|ambiguous/],
    [['fold'], /which profiles/],
    [['fold', 'all.csv'], /not a profile of data/],
    [['fold', 'nope.json'], /cannot be read/],
  ])('says what is wrong with %j', async (args, sentence) => {
    const { exit, err } = await profile(...args);
    expect(exit).not.toBe(0);
    expect(err).toMatch(sentence);
  });

  it('says that a file may not be read', async () => {
    const file = join(directory, 'closed.csv');
    writeFileSync(file, 'a\n1\n');
    chmodSync(file, 0);
    if (process.getuid?.() === 0) return;
    expect((await profile('closed.csv')).err).toMatch(/may not be read/);
  });

  it('leaves nothing behind when the table is bad', async () => {
    writeFileSync(join(directory, 'bad.csv'), 'a,b\n1,2\n3\n');
    const { exit, err } = await profile('bad.csv', '--out', 'bad.json', '--html', 'bad.html');
    expect(exit).toBe(1);
    expect(err).toContain('line 3: fewer cells than the header has columns');
    expect(existsSync(join(directory, 'bad.json')) || existsSync(join(directory, 'bad.html'))).toBe(false);
  });
});
