import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTables } from '../../adapters/duckdb/open-tables.ts';
import { runCommand } from '../../cli/run-command.ts';
import { verbs } from '../../cli/verbs.ts';
import { parsePointer } from '../../pipelines/data/parse-pointer.ts';
import { fakeSurroundings } from '../fixtures/fake-surroundings.ts';
import { gitRepository } from '../fixtures/git-repository.ts';

async function pulltrain(directory: string, ...args: string[]) {
  const { surroundings, said } = fakeSurroundings(directory);
  return { exit: await runCommand(args, verbs, surroundings), ...said };
}

async function writeParquet(file: string, days: number): Promise<void> {
  const tables = await openTables();
  await tables.query(
    `COPY (SELECT TIMESTAMP '2001-01-01 06:30:00' + to_days(i::INTEGER) AS date, i % 24 AS hour, 'it''s' AS "odd name"
     FROM range(${days}) t(i)) TO '${file}' (FORMAT parquet)`,
  );
  tables.close();
}

describe('pulltrain data', () => {
  it('adds a table: bytes to the store, its shape to the pointer, its name to .gitignore', async () => {
    using repository = gitRepository();
    const { directory } = repository;
    const store = join(directory, '.store');
    mkdirSync(join(directory, 'data'));
    const file = join(directory, "data/it's.parquet");
    await writeParquet(file.replaceAll("'", "''"), 31);

    const added = await pulltrain(
      directory,
      'data',
      'add',
      "data/it's.parquet",
      '--remote',
      store,
      '--time',
      'date',
      '--licence',
      'CC0',
      '--json',
    );
    expect(added).toMatchObject({ exit: 0, err: '' });
    const pointer = parsePointer(readFileSync(`${file}.pointer.yml`, 'utf8'), 'pointer');
    expect(JSON.parse(added.out)).toEqual({
      path: "data/it's.parquet",
      pointerPath: "data/it's.parquet.pointer.yml",
      pointer,
    });
    expect(pointer).toMatchObject({
      licence: 'CC0',
      table: {
        rows: 31,
        columns: [
          { name: 'date', type: 'TIMESTAMP' },
          { name: 'hour', type: 'BIGINT' },
          { name: 'odd name', type: 'VARCHAR' },
        ],
        time: { column: 'date', from: '2001-01-01', to: '2001-01-31' },
      },
    });
    expect(repository.git('status', '--porcelain', '--untracked-files=all', 'data').split('\n').sort()).toHaveLength(2);

    const bytes = readFileSync(file);
    rmSync(file);
    const pulled = await pulltrain(directory, 'data', 'pull', '--remote', `file://${store}`, '--json');
    expect(JSON.parse(pulled.out)).toMatchObject({ placed: ["data/it's.parquet"], present: [] });
    expect(readFileSync(file)).toEqual(bytes);
    const again = await pulltrain(
      directory,
      'data',
      'pull',
      "data/it's.parquet.pointer.yml",
      '--remote',
      store,
      '--json',
    );
    expect(JSON.parse(again.out)).toMatchObject({ placed: [], present: ["data/it's.parquet"] });
  });

  it('says in the pointer which stage of which run made the data, as long as it is that data', async () => {
    using repository = gitRepository();
    const { directory } = repository;
    const cmd = `node -e "require('fs').writeFileSync('clean.csv', 'a\\n1\\n')"`;
    writeFileSync(join(directory, 'dvc.yaml'), `stages:\n  clean:\n    cmd: ${cmd}\n    outs: [clean.csv]\n`);
    expect(await pulltrain(directory, 'run')).toMatchObject({ exit: 0 });
    expect(await pulltrain(directory, 'data', 'add', 'clean.csv')).toMatchObject({ exit: 0 });
    const pointer = () => parsePointer(readFileSync(join(directory, 'clean.csv.pointer.yml'), 'utf8'), 'pointer');
    expect(pointer().madeBy).toMatchObject({ stage: 'clean', run: expect.stringMatching(/^sha512-/) });

    writeFileSync(join(directory, 'clean.csv'), 'a\n2\n');
    expect(await pulltrain(directory, 'data', 'add', 'clean.csv')).toMatchObject({ exit: 0 });
    expect(pointer()).not.toHaveProperty('madeBy');
  });

  it('adds any file to the local store, and sends it to the one that pulltrain.yml names when asked', async () => {
    using repository = gitRepository({ 'weights.bin': 'x' });
    const { directory } = repository;
    const model = 'm: { task: binary, output: o.onnx, holdout: { data: h, target: y }, metrics: { primary: roc_auc } }';
    repository.write({ 'pulltrain.yml': `version: 1\nmodels: { ${model} }\ndata: { remote: ${directory}/store }\n` });
    expect(await pulltrain(directory, 'data', 'add', 'weights.bin')).toMatchObject({ exit: 0 });
    expect(existsSync(join(directory, '.pulltrain/cache/sha512'))).toBe(true);
    expect(existsSync(join(directory, 'store'))).toBe(false);
    expect(parsePointer(readFileSync(join(directory, 'weights.bin.pointer.yml'), 'utf8'), 'x')).not.toHaveProperty(
      'table',
    );
    expect(await pulltrain(directory, 'data', 'push')).toMatchObject({ exit: 0 });
    expect(existsSync(join(directory, 'store/sha512'))).toBe(true);
  });

  it.each([
    ['a file that is not there', ['add', 'gone.csv', '--remote', '/nowhere'], 1, 'there is no such file or folder'],
    [
      'a time column that is not there',
      ['add', 'a.csv', '--time', 'day', '--remote', '/nowhere'],
      1,
      'allowed: date, x',
    ],
    ['a table that is none', ['add', 'broken.parquet', '--remote', '/nowhere'], 1, 'the table cannot be read'],
    ['a time column without days', ['add', 'empty.csv', '--time', 'date', '--remote', '/nowhere'], 1, 'holds no day'],
    ['no store', ['push'], 2, '--remote is missing'],
    ['an unknown store', ['add', 'a.csv', '--remote', 'gs://x'], 1, 'not known'],
    [
      'a pointer that is not there',
      ['pull', 'a.csv', '--remote', '/nowhere'],
      1,
      'there is neither a pointer nor a .dvc file',
    ],
    ['nothing to do', [], 2, 'what to do?'],
  ])('refuses %s, and writes no pointer', async (_, args, code, sentence) => {
    using repository = gitRepository({
      'a.csv': 'date,x\n2001-01-01,1\n',
      'broken.parquet': 'PAR1',
      'empty.csv': 'date,x\n',
    });
    const { exit, err } = await pulltrain(repository.directory, 'data', ...args);
    expect(err).toContain(sentence);
    expect(exit).toBe(code);
    expect(readdirSync(repository.directory).filter((name) => name.endsWith('.pointer.yml'))).toEqual([]);
  });

  it('says which data no store has', async () => {
    using repository = gitRepository({ 'a.bin': 'x' });
    const { directory } = repository;
    await pulltrain(directory, 'data', 'add', 'a.bin', '--remote', join(directory, 'store'));
    for (const gone of ['a.bin', '.pulltrain']) rmSync(join(directory, gone), { recursive: true });
    const { exit, out } = await pulltrain(directory, 'data', 'pull', '--remote', join(directory, 'other'));
    expect([exit, out]).toEqual([1, expect.stringContaining('a.bin: ')]);
    expect(out).toContain('the store has no sha512-');
    writeFileSync(join(directory, 'a.bin'), 'x');
    expect(await pulltrain(directory, 'data', 'pull', '--remote', join(directory, 'store'))).toMatchObject({ exit: 0 });
  });
});
