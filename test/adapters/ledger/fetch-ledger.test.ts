import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fetchLedger } from '../../../adapters/ledger/fetch-ledger.ts';
import { gitRepository, temporaryDirectory } from '../../fixtures/git-repository.ts';

const documents = {
  'runs/b.json': '{"b":[1,2,null]}',
  'runs/a.json': '{"a":"ä"}',
  'runsheet.json': 'true',
  'broken.json': '{',
};

/** A clone of a repository with a ledger branch, on a server that lets objects be asked for, as GitHub does. */
function repository(files: Record<string, string> | null = documents) {
  const upstream = gitRepository({ 'README.md': 'code' });
  upstream.commit('code');
  upstream.git('config', 'uploadpack.allowFilter', 'true');
  upstream.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  if (files !== null) {
    upstream.git('checkout', '--quiet', '--orphan', 'ledger');
    upstream.git('rm', '--quiet', '-rf', '.');
    upstream.write(files);
    upstream.commit('records');
    upstream.git('tag', 'ledger', 'main');
    upstream.git('checkout', '--quiet', 'main');
  }
  const folder = temporaryDirectory();
  const checkout = join(folder.path, 'checkout');
  upstream.git(
    'clone',
    '--quiet',
    '--no-local',
    '--depth=1',
    '--branch=main',
    `file://${upstream.directory}`,
    checkout,
  );
  return {
    checkout,
    upstream,
    folder: folder.path,
    [Symbol.dispose]() {
      upstream[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}

describe('the ledger through git', () => {
  test('reads documents and lists folders, whatever else is called ledger', async () => {
    using place = repository();
    const ledger = await fetchLedger(place.checkout, { folder: place.folder, token: '' });
    expect(await Promise.all(['runs/b.json', 'runs/a.json', 'none.json'].map((path) => ledger.read(path)))).toEqual([
      { b: [1, 2, null] },
      { a: 'ä' },
      null,
    ]);
    expect(await ledger.read('runs/a.json')).toEqual({ a: 'ä' });
    expect(await ledger.list('runs')).toEqual(['runs/a.json', 'runs/b.json']);
    expect(await ledger.list('runs/')).toEqual(['runs/a.json', 'runs/b.json']);
    expect(await ledger.list('')).toEqual(['broken.json', 'runs/a.json', 'runs/b.json', 'runsheet.json']);
  });

  test('brings only the documents that are asked for', async () => {
    using place = repository();
    const ledger = await fetchLedger(place.checkout, { folder: place.folder, token: '' });
    const held = () =>
      execFileSync('git', ['cat-file', '--batch-check', '--batch-all-objects'], {
        cwd: join(place.folder, 'ledger.git'),
      })
        .toString()
        .split('\n')
        .filter((line) => line.includes(' blob ')).length;
    expect(held()).toBe(0);
    await Promise.all([ledger.read('runs/a.json'), ledger.read('runsheet.json')]);
    expect(held()).toBe(2);
  });

  test('leaves the settings of the checkout as they were', async () => {
    using place = repository();
    const settings = () => execFileSync('git', ['config', '--local', '--list'], { cwd: place.checkout }).toString();
    const before = settings();
    const ledger = await fetchLedger(place.checkout, { folder: place.folder, token: 'secret' });
    await ledger.read('runs/a.json');
    expect(settings()).toBe(before);
  });

  test('is empty where there is no branch', async () => {
    using place = repository(null);
    const ledger = await fetchLedger(place.checkout, { folder: place.folder, token: '' });
    expect(await ledger.list('')).toEqual([]);
    expect(await ledger.read('runs/a.json')).toBeNull();
  });

  test('reads a server that knows no partial fetch', async () => {
    using place = repository();
    place.upstream.git('config', 'uploadpack.allowFilter', 'false');
    const ledger = await fetchLedger(place.checkout, { folder: place.folder, token: '' });
    expect(await ledger.read('runs/a.json')).toEqual({ a: 'ä' });
  });

  test('says when a document is not JSON, and fails when the repository cannot be reached', async () => {
    using place = repository();
    {
      const ledger = await fetchLedger(place.checkout, { folder: place.folder, token: '' });
      await expect(ledger.read('broken.json')).rejects.toMatchObject({ code: 'ledger-corrupt' });
    }
    place.upstream[Symbol.dispose]();
    using other = temporaryDirectory();
    await expect(fetchLedger(place.checkout, { folder: other.path, token: '' })).rejects.toMatchObject({
      code: 'git-failed',
    });
  });
});
