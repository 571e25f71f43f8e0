import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fetchRef } from '../../../adapters/git/fetch-ref.ts';
import { headSha } from '../../../adapters/git/head-sha.ts';
import { isAncestor } from '../../../adapters/git/is-ancestor.ts';
import { isClean } from '../../../adapters/git/is-clean.ts';
import { isIgnored } from '../../../adapters/git/is-ignored.ts';
import { mergeBase } from '../../../adapters/git/merge-base.ts';
import { runGit } from '../../../adapters/git/run-git.ts';
import { treeOf } from '../../../adapters/git/tree-of.ts';
import { gitRepository, temporaryDirectory } from '../../fixtures/git-repository.ts';

describe('history', () => {
  it('has ancestors and a common base', async () => {
    using repository = gitRepository({ a: '1' });
    const { directory, git } = repository;
    const first = repository.commit('first');
    git('switch', '--quiet', '--create', 'side');
    repository.write({ b: '1' });
    const side = repository.commit('side');
    git('switch', '--quiet', 'main');
    repository.write({ c: '1' });
    const main = repository.commit('main');
    git('switch', '--quiet', '--orphan', 'other');
    const orphan = repository.commit('other');

    expect(await mergeBase(directory, side, main)).toBe(first);
    expect(await mergeBase(directory, orphan, main)).toBeNull();
    expect(await isAncestor(directory, first, main)).toBe(true);
    expect(await isAncestor(directory, main, main)).toBe(true);
    expect(await isAncestor(directory, side, main)).toBe(false);
    expect(await headSha(directory, 'side')).toBe(side);
  });

  it('has the same tree for the same files', async () => {
    using repository = gitRepository({ a: '1' });
    const first = repository.commit('first');
    const second = repository.commit('nothing new');
    expect(await treeOf(repository.directory, first)).toBe(await treeOf(repository.directory, second));
  });
});

describe('a checkout', () => {
  it('is clean until a tracked file changes', async () => {
    using repository = gitRepository({ a: '1', '.gitignore': 'out/\n' });
    repository.commit('first');
    repository.write({ untracked: '1', 'out/x': '1' });
    expect(await isClean(repository.directory)).toBe(true);
    repository.write({ a: '2' });
    expect(await isClean(repository.directory)).toBe(false);
    expect(await isIgnored(repository.directory, 'out/x')).toBe(true);
    expect(await isIgnored(repository.directory, 'untracked')).toBe(false);
  });
});

describe('fetching', () => {
  it('brings a commit without checking it out', async () => {
    using origin = gitRepository({ a: '1' });
    origin.commit('first');
    using clones = temporaryDirectory();
    const clone = join(clones.path, 'clone');
    execFileSync('git', ['clone', '--quiet', origin.directory, clone]);
    origin.write({ a: '2' });
    const second = origin.commit('second');
    expect(await fetchRef(clone, 'main')).toBe(second);
    expect(await headSha(clone)).not.toBe(second);
  });

  it('shows its token to the server and to nobody else', async () => {
    using repository = gitRepository();
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(403).end('no');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const remote = `http://127.0.0.1:${port}/acme/x.git`;
    const fault = await fetchRef(repository.directory, 'main', { remote, token: 'secret-token' }).catch(String);
    server.close();
    const encoded = Buffer.from('x-access-token:secret-token').toString('base64');
    expect(seen).toContain(`Basic ${encoded}`);
    expect(fault).toMatch(/git fetch .* failed \(got .*403/);
    expect(fault).not.toContain('secret-token');
    expect(fault).not.toContain(encoded);
    expect(repository.git('config', '--list')).not.toContain(encoded);
  });
});

describe('a fault', () => {
  it('carries what git said', async () => {
    using folder = temporaryDirectory();
    await expect(headSha(folder.path)).rejects.toMatchObject({ code: 'git-failed', exitCode: 128 });
  });

  it('is told apart when there is no git at all', async () => {
    using folder = temporaryDirectory();
    await expect(runGit(folder.path, ['status'], { PATH: folder.path })).rejects.toMatchObject({
      code: 'git-missing',
      message: expect.stringContaining('Install git'),
    });
  });

  it('is no way to pass options in a revision', async () => {
    using repository = gitRepository({ a: '1' });
    repository.commit('first');
    await expect(headSha(repository.directory, '--all')).rejects.toMatchObject({ code: 'git-failed' });
  });
});
