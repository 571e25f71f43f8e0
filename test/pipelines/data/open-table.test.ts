import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTables } from '../../../adapters/duckdb/open-tables.ts';
import { type OpenOptions, openTable } from '../../../pipelines/data/open-table.ts';
import type { Row, Tables } from '../../../pipelines/ports/tables.ts';

let directory: string;
let tables: Tables;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pulltrain-test-'));
  tables = await openTables();
});
afterAll(async () => {
  tables.close();
  await rm(directory, { recursive: true, force: true });
});

async function open(name: string, bytes: string | Uint8Array, options: OpenOptions = {}) {
  const file = join(directory, name);
  await writeFile(file, bytes);
  return openTable(file, options, { tables, scratch: join(directory, 'scratch') });
}

async function rowsOf(name: string, bytes: string | Uint8Array, options: OpenOptions = {}): Promise<Row[]> {
  const { source } = await open(name, bytes, options);
  return tables.query(`SELECT * FROM ${source}`);
}

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join('\n');

describe('a CSV file that is opened', () => {
  it.each([
    ['commas', 'a,b\n1,x\n'],
    ['semicolons and decimal commas', 'a;b\n1;x\n'],
    ['a byte order mark', '\ufeffa,b\n1,x\n'],
    ['line ends of Windows', 'a,b\r\n1,x\r\n'],
    ['quoted names', '"a","b"\n1,"x"\n'],
    ['a line without an end', 'a,b\n1,x'],
  ])('is read with %s', async (_, text) => {
    expect(await rowsOf('t.csv', text)).toEqual([{ a: 1, b: 'x' }]);
  });

  it('keeps line breaks and delimiters within quotes', async () => {
    expect(await rowsOf('q.csv', 'a,b\n"x\n,""y""",1\n')).toEqual([{ a: 'x\n,"y"', b: 1 }]);
  });

  it('names every ragged line, and leaves none out', async () => {
    const text = `a,b,c\n${lines(50, (at) => `${at},1,2`)}\n7,8\n${lines(50, (at) => `${at},1,2`)}\n1,2,3,4\n`;
    await expect(open('ragged.csv', text)).rejects.toMatchObject({
      code: 'table-unreadable',
      parts: {
        seen: 'line 52: fewer cells than the header has columns ("7,8"); line 103: more cells than the header has columns ("1,2,3,4")',
      },
    });
  });

  it.each([
    ['a,b,a\n1,2,3\n', '"a" and "a"'],
    ['a,A\n1,2\n', '"a" and "A"'],
    ['x,a, a\n1,2,3\n', '"a" and "a"'],
  ])('refuses columns of one name: %j', async (text, seen) => {
    await expect(open('dup.csv', text)).rejects.toMatchObject({ code: 'table-columns-duplicate', parts: { seen } });
  });

  it('says where bytes are that are not UTF-8, and reads them when told how', async () => {
    const bytes = Buffer.from('name,x\nAna,1\nJosé,2\n', 'latin1');
    await expect(open('latin.csv', bytes)).rejects.toMatchObject({
      code: 'table-unreadable',
      parts: { seen: expect.stringMatching(/^line 3, byte 1\d: bytes that are not UTF-8$/) },
    });
    expect(await rowsOf('latin.csv', bytes, { encoding: 'latin-1' })).toEqual([
      { name: 'Ana', x: 1 },
      { name: 'José', x: 2 },
    ]);
    const wide = Buffer.from('\ufeffname,x\nJosé,2\n', 'utf16le');
    expect(await rowsOf('wide.csv', wide, { encoding: 'utf-16' })).toEqual([{ name: 'José', x: 2 }]);
  });

  it('takes a column as text when a late row is none of what the first were, and says which row', async () => {
    const found = await open('late.csv', `a,b\n${lines(30_000, (at) => `${at},${at}`)}\nx,1\n`);
    expect(found.columns.map(({ type }) => type)).toEqual(['VARCHAR', 'BIGINT']);
    expect(found.mixed).toEqual([{ column: 'a', line: 30_002, seen: 'x,1' }]);
    expect(await tables.query(`SELECT count(*) AS n FROM ${found.source}`)).toEqual([{ n: 30_001 }]);
  });

  it('refuses a file of nothing, and reads one of a header alone', async () => {
    await expect(open('empty.csv', '')).rejects.toThrow(/the file is empty/);
    expect(await rowsOf('header.csv', 'a,b\n')).toEqual([]);
  });

  it('refuses a quote that is not closed', async () => {
    await expect(open('quote.csv', 'a,b\n1,"open\n2,3\n')).rejects.toMatchObject({ code: 'table-unreadable' });
  });

  it('takes the first line as a row when it holds numbers, or when told so', async () => {
    expect(await rowsOf('n.csv', '1,2\n3,4\n')).toHaveLength(2);
    expect(await rowsOf('t.csv', 'x,y\nu,v\n', { header: false, names: ['p', 'q'] })).toEqual([
      { p: 'x', q: 'y' },
      { p: 'u', q: 'v' },
    ]);
  });

  it('drops blanks and markers where that is asked for', async () => {
    const text = 'a,b\n 1, ?\n 2, x \n';
    expect(await rowsOf('m.csv', text, { trim: true, missing: ['?'] })).toEqual([
      { a: 1, b: null },
      { a: 2, b: 'x' },
    ]);
  });
});

describe('other files that are opened', () => {
  it.each([
    ['JSON that ends early', 'bad.json', '{"a":1}\n{"a":\n'],
    ['JSON in another encoding', 'latin.json', Buffer.from('{"a":"é"}\n', 'latin1')],
    ['a key twice', 'key.jsonl', '{"a":1,"a":2}\n'],
    ['Parquet of no bytes', 'empty.parquet', ''],
    ['Parquet that is none', 'none.parquet', 'PAR1 and then something else'],
    ['a damaged archive', 'bad.csv.gz', gzipSync(`a,b\n${'1,2\n'.repeat(50_000)}`).subarray(0, 150)],
  ])('are refused with what was seen: %s', async (_, name, bytes) => {
    await expect(open(name, bytes)).rejects.toMatchObject({
      code: 'table-unreadable',
      parts: { where: join(directory, name), seen: expect.any(String), cure: expect.any(String) },
    });
  });

  it('a Parquet file that lost its end is refused', async () => {
    const file = join(directory, 'whole.parquet');
    await tables.query(`COPY (SELECT range AS a FROM range(1000)) TO '${file}' (FORMAT parquet)`);
    const { readFile } = await import('node:fs/promises');
    const bytes = await readFile(file);
    await expect(open('cut.parquet', bytes.subarray(0, -20))).rejects.toMatchObject({ code: 'table-unreadable' });
  });

  it('JSON lines of different keys become columns', async () => {
    expect(await rowsOf('m.jsonl', '{"a":1}\n{"b":"x"}\n')).toEqual([
      { a: 1, b: null },
      { a: null, b: 'x' },
    ]);
  });

  it('a text can be kept in the memory of the engine, where no file may be written', async () => {
    const file = join(directory, 'memory.csv');
    await writeFile(file, 'a\n1\n2\n');
    const found = await openTable(file, {}, { tables, scratch: { table: 'kept "here"' } });
    expect(await tables.query(`SELECT sum(a) AS s FROM ${found.source}`)).toEqual([{ s: 3 }]);
  });
});
