import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTables } from '../../../adapters/duckdb/open-tables.ts';
import { isTable, tableFormat, tableSource } from '../../../pipelines/data/table-source.ts';
import type { Tables } from '../../../pipelines/ports/tables.ts';

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

async function read(name: string, bytes: string | Uint8Array, options = {}) {
  const file = join(directory, name);
  await writeFile(file, bytes);
  return tables.query(`SELECT * FROM ${tableSource(file, options)}`);
}

describe('the source of a table', () => {
  it.each([
    ['a.csv', 'a,b\n1,x\n'],
    ['a.tsv', 'a\tb\n1\tx\n'],
    ['a.json', '[{"a":1,"b":"x"}]'],
    ['a.jsonl', '{"a":1,"b":"x"}\n'],
    ['a.ndjson', '{"a":1,"b":"x"}\n'],
    ['A.CSV', 'a,b\n1,x\n'],
    ['a.csv.gz', gzipSync('a,b\n1,x\n')],
    ['a.jsonl.gz', gzipSync('{"a":1,"b":"x"}\n')],
  ])('is read by its ending: %s', async (name, bytes) => {
    expect(await read(name, bytes)).toEqual([{ a: 1, b: 'x' }]);
  });

  it.each(['a.txt', 'parquet', 'a.parquet.gz', 'a.gz', 'a.__proto__', 'constructor'])('refuses %s', (file) => {
    expect(isTable(file)).toBe(false);
    expect(() => tableFormat(file)).toThrow(/\.parquet, \.csv/);
  });

  it.each(['https://example.com/a.csv', 's3://bucket/a.parquet', 'HTTP://x/a.csv'])('opens no URL: %s', (url) => {
    expect(() => tableSource(url)).toThrow(/not a file of this machine/);
  });

  it('takes a name as it is, whatever the characters mean to the engine', async () => {
    await writeFile(join(directory, 'o1.csv'), 'a\n2\n');
    expect(await read("o[1]*?'.csv", 'a\n1\n')).toEqual([{ a: 1 }]);
  });

  it('reads many files where a pattern is asked for', async () => {
    await writeFile(join(directory, 'p-1.csv'), 'a\n1\n');
    await writeFile(join(directory, 'p-2.csv'), 'a\n2\n');
    const rows = await tables.query(`FROM ${tableSource(join(directory, 'p-*.csv'), { glob: true })} ORDER BY a`);
    expect(rows).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it('loses no rows of a CSV file that do not fit', async () => {
    const ragged = 'a,b,c\n1,2,3\n4,5\n1,2,3,4\n';
    await expect(read('ragged.csv', ragged, { delimiter: ',' })).rejects.toThrow();
    expect(await read('unknown.csv', ragged)).toHaveLength(3);
  });

  it('reads other encodings, missing texts and columns that are told', async () => {
    const latin = Buffer.from('n;x\nJosé;?\n', 'latin1');
    const options = { encoding: 'latin-1', delimiter: ';', missing: ['?'], header: true };
    expect(await read('l.csv', latin, options)).toEqual([{ n: 'José', x: null }]);
    const columns = [{ name: "o'k", type: 'VARCHAR' }];
    expect(await read('c.csv', 'x\n1\n', { header: true, columns, delimiter: ',' })).toEqual([{ "o'k": '1' }]);
  });

  it('splices no text into SQL', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, text) => {
        const sql = tableSource(`${name.replaceAll('://', '')}.csv`, { delimiter: text, missing: [text] });
        const outside = sql.replace(/'(?:[^']|'')*'/g, 'T');
        expect(outside).toBe('read_csv(T, delim=T, quote=T, escape=T, skip=0, nullstr=[T, T])');
      }),
    );
  });
});
