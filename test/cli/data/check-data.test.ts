import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../../cli/run-command.ts';
import { verbs } from '../../../cli/verbs.ts';
import { cleaningRecordSchema } from '../../../pipelines/contracts/cleaning-record.ts';
import { leakageReportSchema } from '../../../pipelines/contracts/leakage-report.ts';
import { splitReportSchema } from '../../../pipelines/contracts/split-report.ts';
import { validationReportSchema } from '../../../pipelines/contracts/validation-report.ts';
import { fakeSurroundings } from '../../fixtures/fake-surroundings.ts';
import { temporaryDirectory } from '../../fixtures/git-repository.ts';

let folder: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  folder = temporaryDirectory();
  const rows = Array.from(
    { length: 120 },
    (_, at) => `${at},${at % 24},${at % 9 === 0 ? '' : at / 2},${at % 3 === 0 ? 1 : 0}`,
  );
  writeFileSync(join(folder.path, 'flights.csv'), `id,hour,delay,late\n${rows.join('\n')}\n`);
});
afterEach(() => folder[Symbol.dispose]());

const write = (name: string, text: string) => writeFileSync(join(folder.path, name), text);
const read = (name: string) => readFileSync(join(folder.path, name), 'utf8');

async function data(...args: string[]) {
  const { surroundings, said } = fakeSurroundings(folder.path);
  const exit = await runCommand(['data', ...args], verbs, surroundings);
  return { exit, out: said.out, err: said.err };
}

describe('pulltrain data infer-schema and validate', () => {
  it('write a schema that holds its data, and name what a later file breaks', async () => {
    mkdirSync(join(folder.path, 'schemas'));
    expect(await data('infer-schema', 'flights.csv', '--out', 'schemas/flights.yml')).toMatchObject({ exit: 0 });
    expect(await data('validate', 'flights.csv', '--schema', 'schemas/flights.yml')).toMatchObject({
      exit: 0,
      out: expect.stringContaining('every rule holds (120 rows'),
    });
    write('later.csv', read('flights.csv').replace('\n7,7,', '\n7,700,'));
    const { exit, out } = await data('validate', 'later.csv', '--schema', 'schemas/flights.yml');
    expect(exit).toBe(1);
    expect(out).toContain('hour, max: expected at most');
    expect(out).toContain('row 8: hour "700"');
    const again = await data('infer-schema', 'flights.csv', '--out', 'schemas/flights.yml');
    expect(again).toMatchObject({ exit: 1, err: expect.stringContaining('there already is a file') });
  });

  it('hold every table that pulltrain.yml names, and answer as JSON', async () => {
    write('s.yml', 'version: 1\ncolumns:\n  hour: { type: integer, max: { is: 20, severity: warning } }\n');
    write(
      'pulltrain.yml',
      `version: 1
models:
  m:
    task: binary
    output: m.onnx
    holdout: { data: h.parquet, target: late }
    metrics: { primary: roc_auc }
data: { validate: [{ data: '*.csv', schema: s.yml }] }
`,
    );
    const { exit, out } = await data('validate', '--json');
    expect(exit).toBe(0);
    const answer = JSON.parse(out);
    expect(answer.status).toBe('pass');
    expect(validationReportSchema.parse(answer.reports[0])).toMatchObject({ data: 'flights.csv', warnings: 1 });
  });

  it('refuse a broken schema with its lines, a missing file, and nothing to do', async () => {
    write('bad.yml', 'version: 1\ncolumns:\n  hour: { tipe: integer }\n');
    expect(await data('validate', 'flights.csv', '--schema', 'bad.yml')).toMatchObject({
      exit: 1,
      err: expect.stringContaining('bad.yml:3:11 columns.hour.tipe: unknown key "tipe"; did you mean "type"?'),
    });
    expect((await data('validate', 'none.csv', '--schema', 'bad.yml')).exit).toBe(1);
    expect((await data('validate', '--schema', 'bad.yml')).exit).toBe(2);
    expect((await data('validate')).err).toContain('pulltrain.yml');
  });
});

describe('pulltrain data split, leakage and clean', () => {
  it('divide a table by a rule, without leaking, and clean both parts by what the first one teaches', async () => {
    write(
      'split.yml',
      'version: 1\nby: stratified\nlabel: late\nkey: id\nseed: 3\nparts: { train: 0.75, test: 0.25 }\n',
    );
    expect(await data('split', 'flights.csv', '--rule', 'split.yml', '--out', 'parts')).toMatchObject({ exit: 0 });
    expect(readdirSync(join(folder.path, 'parts')).toSorted()).toEqual([
      'split-report.json',
      'test.parquet',
      'train.parquet',
    ]);
    const report = splitReportSchema.parse(JSON.parse(read('parts/split-report.json')));
    expect(report.parts.map(({ rows }) => rows)).toEqual([90, 30]);

    const leakage = await data('leakage', 'parts/train.parquet', 'parts/test.parquet', '--entity', 'id', '--json');
    expect(leakage.exit).toBe(0);
    expect(leakageReportSchema.parse(JSON.parse(leakage.out)).status).toBe('pass');
    const leaky = await data('leakage', 'flights.csv', 'parts/test.parquet', '--entity', 'id');
    expect(leaky).toMatchObject({ exit: 1, out: expect.stringContaining('30 of 30 rows of the holdout') });

    write('clean.yml', 'version: 1\nsteps:\n  - { do: impute, columns: [delay], with: median, indicator: true }\n');
    const fit = ['clean', '--recipe', 'clean.yml', '--fit', 'parts/train.parquet', '--apply', 'parts/test.parquet'];
    expect(await data(...fit, '--out', 'clean')).toMatchObject({
      exit: 0,
      out: expect.stringContaining('impute delay'),
    });
    const record = cleaningRecordSchema.parse(JSON.parse(read('clean/cleaning-record.json')));
    expect(record.fitted).toMatchObject({ data: 'parts/train.parquet', rows: 90 });
    await data('clean', '--record', 'clean/cleaning-record.json', '--apply', 'parts/test.parquet', '--out', 'again');
    expect(read('again/test.parquet')).toBe(read('clean/test.parquet'));
  });

  it('take the rule from options, and tell all that is wrong with them', async () => {
    const by = ['split', 'flights.csv', '--by', 'random', '--parts', 'a=0.5,b=0.5', '--out', 'x'];
    expect(await data(...by, '--key', 'id')).toMatchObject({ exit: 0 });
    const { exit, err } = await data('split', 'flights.csv', '--by', 'time', '--parts', 'a=0.5', '--gap', 'soon');
    expect(exit).toBe(2);
    expect(err).toContain('--time: is missing');
    expect(err).toContain('--parts: needs at least two parts');
    expect(err).toContain('--gap: expected a number and s, m, h or d');
    expect((await data(...by, '--group', 'nobody')).err).toContain('--group: has no meaning in a split by random');
  });

  it('never overwrite what they read, and say what a record has to be', async () => {
    write('clean.yml', 'version: 1\nsteps:\n  - { do: drop_rows, missing: [delay] }\n');
    await data('split', 'flights.csv', '--by', 'random', '--parts', 'a=0.5,b=0.5', '--out', 'x');
    const before = read('x/a.parquet');
    expect((await data('clean', '--recipe', 'clean.yml', '--fit', 'x/a.parquet', '--out', 'x')).exit).toBe(2);
    expect(
      (await data('split', 'x/a.parquet', '--by', 'random', '--parts', 'b=0.5,a=0.5', '--seed', '1', '--out', 'x')).err,
    ).toContain('a part would overwrite the table that it is cut from');
    expect(read('x/a.parquet')).toBe(before);
    write('record.json', '{"kind":"cleaning-record"}');
    expect(await data('clean', '--record', 'record.json', '--apply', 'x/a.parquet', '--out', 'y')).toMatchObject({
      exit: 1,
      err: expect.stringContaining('not a cleaning record'),
    });
    expect((await data('clean', '--fit', 'x/a.parquet', '--out', 'y')).exit).toBe(2);
  });
});
