import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diffDatasets } from '../../../actions/evaluate/diff-datasets.ts';
import { openLocalStore } from '../../../adapters/content-store/open-local-store.ts';
import { integrityOf } from '../../../pipelines/integrity.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pulltrain-test-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function dataset(path: string, text: string) {
  const file = join(directory, 'draft');
  await writeFile(file, text);
  const { integrity } = await openLocalStore(join(directory, 'store')).put(file);
  return { path, integrity };
}

async function diff(datasets: Parameters<typeof diffDatasets>[0]['datasets']) {
  const said: string[] = [];
  const place = { remote: join(directory, 'store'), folder: join(directory, 'work'), label: 'late' };
  const diffs = await diffDatasets({ datasets, pointers: new Map() }, { ...place, enclosure: 'open' }, (line) => {
    said.push(line);
  });
  return { diffs, said };
}

describe('what a pull request changes in the rows of its data', () => {
  it('is found in the bytes of both datasets, whatever their paths', async () => {
    const base = await dataset('data/march.csv', 'a,late\n1,0\n2,1\n');
    const head = await dataset('data/may.csv', 'a,late\n1,0\n2,1\n3,1\n');
    const { diffs, said } = await diff([{ base, head }]);
    expect(said).toEqual([]);
    expect(diffs).toMatchObject([
      {
        base: { path: 'data/march.csv', rows: 2 },
        head: { path: 'data/may.csv', rows: 3 },
        rows: { added: { count: 1, error: 0 }, removed: { count: 0, error: 0 } },
        label: {
          values: [
            { value: '1', base: 1, head: 2 },
            { value: '0', base: 1, head: 1 },
          ],
        },
      },
    ]);
  });

  it('is left out, and said, for a table that cannot be read; missing bytes and other files hold up nothing', async () => {
    const base = await dataset('data/a.csv', 'a,b\n1,2\n');
    const head = await dataset('data/a.csv', 'a,b\n1\n');
    const absent = { path: 'data/b.csv', integrity: integrityOf('nowhere') };
    const image = { path: 'cat.png', integrity: base.integrity };
    const { diffs, said } = await diff([
      { base, head },
      { base, head: absent },
      { base: image, head: image },
    ]);
    expect(diffs).toEqual([]);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/data\/a\.csv: a line that cannot be read \(got line 2/);
  });
});
