import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCommitTree } from '../../../adapters/source-tree/open-commit-tree.ts';
import { openDirectoryTree } from '../../../adapters/source-tree/open-directory-tree.ts';
import type { SourceTree } from '../../../pipelines/ports/source-tree.ts';
import { type GitRepository, gitRepository, temporaryDirectory } from '../../fixtures/git-repository.ts';

const text = async (tree: SourceTree, path: string) => {
  const bytes = await tree.read(path);
  return bytes === null ? null : new TextDecoder().decode(bytes);
};

type Opened = SourceTree & AsyncDisposable;
const openers: Record<string, (repository: GitRepository) => Promise<Opened>> = {
  'a working directory': async ({ directory }) => ({
    ...(await openDirectoryTree(directory)),
    [Symbol.asyncDispose]: async () => undefined,
  }),
  'a commit': async ({ directory }) => openCommitTree(directory, 'HEAD'),
};

describe.each(Object.entries(openers))('%s', (_, open) => {
  const files = { 'a.txt': 'a', 'dir/b.txt': 'b', 'dir/deep/c d.txt': 'c', 'dir2/é.txt': 'é', empty: '' };

  it('reads files and lists folders', async () => {
    using repository = gitRepository(files);
    repository.commit('first');
    await using tree = await open(repository);
    expect(await text(tree, 'dir/deep/c d.txt')).toBe('c');
    expect(await text(tree, 'dir2/é.txt')).toBe('é');
    expect(await text(tree, 'empty')).toBe('');
    expect(await tree.list('')).toEqual(['a.txt', 'dir/b.txt', 'dir/deep/c d.txt', 'dir2/é.txt', 'empty']);
    expect(await tree.list('dir')).toEqual(['dir/b.txt', 'dir/deep/c d.txt']);
    expect(await tree.list('di')).toEqual([]);
  });

  it('has null for what is absent or a folder', async () => {
    using repository = gitRepository(files);
    repository.commit('first');
    await using tree = await open(repository);
    expect([await tree.read('dir'), await tree.read('nope'), await tree.read('a.txt/x')]).toEqual([null, null, null]);
  });

  it('gives the bytes unchanged, many at once', async () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256);
    using repository = gitRepository({ 'x.bin': bytes, '.gitattributes': '* text=auto eol=lf\n', 'crlf.txt': 'one' });
    repository.commit('first');
    await using tree = await open(repository);
    const read = await Promise.all(Array.from({ length: 5 }, () => tree.read('x.bin')));
    for (const one of read) expect(Buffer.compare(one ?? new Uint8Array(), bytes)).toBe(0);
  });

  it('follows links inside and refuses those that lead out', async () => {
    using repository = gitRepository(files);
    const { directory } = repository;
    mkdirSync(join(directory, 'links'));
    symlinkSync('../dir/b.txt', join(directory, 'links/b'));
    symlinkSync('../dir', join(directory, 'links/folder'));
    symlinkSync('/etc/passwd', join(directory, 'links/out'));
    symlinkSync('nowhere', join(directory, 'links/gone'));
    repository.commit('links');
    await using tree = await open(repository);
    expect(await text(tree, 'links/b')).toBe('b');
    expect(await text(tree, 'links/folder/deep/c d.txt')).toBe('c');
    expect(await tree.read('links/gone')).toBeNull();
    await expect(tree.read('links/out')).rejects.toMatchObject({ code: 'path-outside' });
    expect(await tree.list('links/folder')).toEqual(['links/folder/b.txt', 'links/folder/deep/c d.txt']);
  });

  it('refuses links that go in a circle', async () => {
    using repository = gitRepository({ a: '' });
    symlinkSync('two', join(repository.directory, 'one'));
    symlinkSync('one', join(repository.directory, 'two'));
    repository.commit('loop');
    await using tree = await open(repository);
    await expect(tree.read('one')).rejects.toMatchObject({ code: 'link-loop' });
  });
});

describe('a commit', () => {
  it('is read as it was, whatever lies in the directory now', async () => {
    using repository = gitRepository({ a: 'old' });
    const sha = repository.commit('first');
    repository.write({ a: 'new', b: 'new' });
    await using tree = await openCommitTree(repository.directory, sha);
    expect([await text(tree, 'a'), await text(tree, 'b'), await tree.list('')]).toEqual(['old', null, ['a']]);
  });

  it('reads nothing once it is closed, and leaves no process behind', async () => {
    using repository = gitRepository({ a: 'a' });
    const tree = await openCommitTree(repository.directory, repository.commit('first'));
    await tree[Symbol.asyncDispose]();
    await expect(tree.read('a')).rejects.toMatchObject({ code: 'git-failed' });
  });

  it('must exist', async () => {
    using repository = gitRepository({ a: '' });
    repository.commit('first');
    await expect(openCommitTree(repository.directory, 'nowhere')).rejects.toMatchObject({ code: 'git-failed' });
  });
});

describe('a working directory', () => {
  it('lists what git would add and not what it ignores', async () => {
    using repository = gitRepository({ a: '', '.gitignore': '*.log\n' });
    repository.commit('first');
    repository.write({ b: '', 'c.log': '', a: null });
    expect(await (await openDirectoryTree(repository.directory)).list('')).toEqual(['.gitignore', 'b']);
  });

  it('needs no git', async () => {
    using folder = temporaryDirectory();
    mkdirSync(join(folder.path, 'x/y'), { recursive: true });
    writeFileSync(join(folder.path, 'x/y/z'), '');
    expect(await (await openDirectoryTree(folder.path)).list('')).toEqual(['x/y/z']);
  });
});
