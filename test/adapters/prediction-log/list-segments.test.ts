import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listSegments } from '../../../adapters/prediction-log/list-segments.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pulltrain-log-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(...names: string[]): Promise<void> {
  for (const name of names) await writeFile(join(folder, name), '');
}

it('lists the hours of one model, and nothing else that lies there', async () => {
  await mkdir(join(folder, 'late'));
  await mkdir(join(folder, 'other'));
  await write('late/2026-11-21T02.jsonl', 'late/2026-11-21T01.jsonl', 'late/note.txt', 'other/a.jsonl', 'b.jsonl');
  const hours = ['01', '02'].map((hour) => join(folder, 'late', `2026-11-21T${hour}.jsonl`));
  expect(await listSegments(folder, 'late', '/')).toEqual(hours);
  expect(await listSegments(pathToFileURL(folder).href, 'late', '/')).toEqual(hours);
  expect(await listSegments('late', 'x', folder)).toEqual(hours);
});

it('takes a single file, and a folder without models', async () => {
  await write('a.jsonl');
  expect(await listSegments(join(folder, 'a.jsonl'), 'late', '/')).toEqual([join(folder, 'a.jsonl')]);
  expect(await listSegments(folder, 'late', '/')).toEqual([join(folder, 'a.jsonl')]);
});

it('is empty before anything was logged', async () => {
  expect(await listSegments(folder, 'late', '/')).toEqual([]);
});

it('says what is wrong with a place that is not there or not known', async () => {
  await expect(listSegments('nowhere', 'late', folder)).rejects.toMatchObject({ code: 'log-missing' });
  const url = 's3://user:password@bucket/log';
  await expect(listSegments(url, 'late', folder)).rejects.toMatchObject({ code: 'log-unknown' });
  await expect(listSegments(url, 'late', folder)).rejects.not.toThrow(/password/);
});
