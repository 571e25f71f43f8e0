import { describe, expect, it } from 'vitest';
import { identifyDependency } from '../../../pipelines/training/identify-dependency.ts';
import { memoryTree } from '../../fixtures/memory-tree.ts';

const md5 = '25219a9b1c13dff98716c2b686a23662';
const name = `md5-${Buffer.from(md5, 'hex').toString('base64')}`;
const dvc = (path: string, digest = md5) => `outs:\n- md5: ${digest}\n  hash: md5\n  path: ${path}\n`;
const identify = (files: Record<string, string>, path: string) =>
  identifyDependency(memoryTree(files), path, () => false);

describe('a dependency that DVC keeps', () => {
  it('counts by the MD5 that its .dvc file names, whether it was pulled or not', async () => {
    const files = { 'data/train.csv.dvc': dvc('train.csv') };
    const absent = await identify(files, 'data/train.csv');
    expect(absent).toEqual({
      integrity: name,
      sources: [{ path: 'data/train.csv', integrity: name, origin: 'dvc' }],
    });
    expect(await identify({ ...files, 'data/train.csv': 'whatever' }, 'data/train.csv')).toEqual(absent);
    const changed = await identify({ 'data/train.csv.dvc': dvc('train.csv', 'f'.repeat(32)) }, 'data/train.csv');
    expect(changed?.integrity).not.toBe(name);
  });

  it('may be a folder, a file within one, or be named by a file of another name', async () => {
    const folder = { 'images.dvc': dvc('images', `${md5}.dir`) };
    const source = { path: 'images', integrity: name, origin: 'dvc', type: 'directory' };
    expect(await identify(folder, 'images')).toEqual({ integrity: name, sources: [source] });
    expect(await identify(folder, 'images/cats/1.png')).toEqual({ integrity: name, sources: [source] });
    expect((await identify({ 'other.dvc': dvc('train.csv') }, 'train.csv'))?.integrity).toBe(name);
    expect(await identify({ 'train.csv.dvc': dvc('train.csv') }, 'train.csv/inside')).toBeNull();
  });

  it('is part of the folder in which it lies', async () => {
    const files = { 'data/notes.txt': 'git', 'data/any.dvc': `wdir: ..\n${dvc('data/train.csv')}` };
    const found = await identify(files, 'data');
    expect(found?.sources.map(({ path, origin }) => [path, origin])).toEqual([
      ['data/notes.txt', 'git'],
      ['data/train.csv', 'dvc'],
    ]);
  });

  it('yields to a pointer of our own', async () => {
    const integrity = `sha512-${'A'.repeat(86)}==`;
    const pointer = `kind: pointer\nversion: 1\nintegrity: ${integrity}\nsize: 1\n`;
    const files = { 'data/a.csv.pointer.yml': pointer, 'data/a.csv.dvc': dvc('a.csv') };
    expect((await identify(files, 'data/a.csv'))?.integrity).toBe(integrity);
    expect((await identify(files, 'data'))?.sources).toMatchObject([{ origin: 'pointer' }]);
  });

  it('is refused when its .dvc file cannot be read', async () => {
    await expect(identify({ 'a.csv.dvc': '<<<<<<< HEAD' }, 'a.csv')).rejects.toMatchObject({
      code: 'dvc-file-invalid',
    });
  });
});
