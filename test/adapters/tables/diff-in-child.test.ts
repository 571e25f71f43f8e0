import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findEnclosure } from '../../../adapters/onnx/find-enclosure.ts';
import { diffInChild } from '../../../adapters/tables/diff-in-child.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pulltrain-test-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function side(path: string, text: string) {
  const file = join(directory, path);
  await writeFile(file, text);
  return { path: `data/${path}`, file };
}

describe('two tables compared by a process of its own', () => {
  it.each(['as closed in as this system can', 'open'])('differ as they do, %s', async (kept) => {
    const enclosure = kept === 'open' ? 'open' : await findEnclosure();
    const base = await side('base.csv', 'a,late\n1,0\n2,0\n');
    const head = await side('head.csv', 'a,late\n1,0\n2,1\n3,1\n');
    const found = await diffInChild({ base, head, label: 'late' }, enclosure);
    expect(found).toMatchObject({
      base: { path: 'data/base.csv', rows: 2 },
      head: { path: 'data/head.csv', rows: 3 },
      rows: { added: { count: 2 }, removed: { count: 1 } },
      label: { column: 'late' },
    });
  });

  it('that cannot be read are told by their names in the repository', async () => {
    const base = await side('fine.csv', 'a,b\n1,2\n');
    const head = await side('ragged.csv', 'a,b\n1,2\n3\n');
    const error = await diffInChild({ base, head, label: null }, 'open').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'diff-failed' });
    expect(String(error)).toContain('data/ragged.csv: a line that cannot be read (got line 3');
    expect(String(error)).not.toContain(directory);
  });

  it('end with the time they may take', async () => {
    const base = await side('slow.csv', 'a\n1\n');
    await expect(diffInChild({ base, head: base, label: null }, 'open', { time: 30 })).rejects.toMatchObject({
      code: 'diff-failed',
      parts: { seen: 'it took too long or said too much' },
    });
  });
});
