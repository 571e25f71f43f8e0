import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openLocalStore } from '../../adapters/content-store/open-local-store.ts';
import { pointerPath } from '../../pipelines/contracts/pointer.ts';
import { formatPointer } from '../../pipelines/data/format-pointer.ts';
import { integrityHex, integrityOf } from '../../pipelines/integrity.ts';
import { gitRepository, temporaryDirectory } from '../fixtures/git-repository.ts';

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const paths = Array.from({ length: 40 }, (_, index) => `data/f${index}.txt`);
/** The 37th of them fails. */
const failing = 'data/f36.txt';
const contentOf = (path: string) => `content of ${path}`;

function pulltrain(directory: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'data', ...args], {
    cwd: directory,
    encoding: 'utf8',
  });
  return { status, said: `${stdout}${stderr}` };
}

function placeAt(remote: string, path: string): string {
  const hex = integrityHex(integrityOf(contentOf(path)));
  return join(remote, 'sha512', hex.slice(0, 2), hex.slice(2));
}

/** A repository with forty files, each an object of its own in its store, and their pointers. */
async function withFortyFiles() {
  const repository = gitRepository(Object.fromEntries(paths.map((path) => [path, contentOf(path)])));
  const store = openLocalStore(join(repository.directory, '.pulltrain/cache'));
  for (const path of paths) {
    const { integrity, size } = await store.put(join(repository.directory, path));
    repository.write({ [pointerPath(path)]: formatPointer({ kind: 'pointer', version: 1, integrity, size }) });
  }
  return repository;
}

function dataOf(directory: string): string[] {
  return readdirSync(join(directory, 'data')).filter((name) => name.endsWith('.txt'));
}

describe('when the 37th of forty objects fails', () => {
  it('push ends with 1 and names it, the others arrive, and the next push sends it alone', async () => {
    using repository = await withFortyFiles();
    using remote = temporaryDirectory();
    // A file lies where the folder of the object belongs.
    const inTheWay = dirname(placeAt(remote.path, failing));
    mkdirSync(dirname(inTheWay), { recursive: true });
    writeFileSync(inTheWay, '');

    const first = pulltrain(repository.directory, 'push', '--remote', remote.path);
    expect(first.status).toBe(1);
    expect(first.said).toContain('1 of the objects did not arrive, the others did');
    expect(first.said).toContain(placeAt('sha512', failing).split('/').at(-1));
    expect(first.said).toContain('it goes on with what is missing');
    expect(paths.filter((path) => !existsSync(placeAt(remote.path, path)))).toEqual([failing]);
    // What did not arrive does not count as pushed.
    expect(pulltrain(repository.directory, 'status', '--remote', remote.path).said).toContain('40 not pushed');

    rmSync(inTheWay);
    const second = pulltrain(repository.directory, 'push', '--remote', remote.path);
    expect(second).toMatchObject({ status: 0, said: expect.stringContaining('1 objects sent') });
    expect(pulltrain(repository.directory, 'push', '--remote', remote.path).said).toContain('everything is there');
  });

  it('pull ends with 1 and names it and its path, the others lie in their place, and the next pull brings it', async () => {
    using repository = await withFortyFiles();
    using remote = temporaryDirectory();
    expect(pulltrain(repository.directory, 'push', '--remote', remote.path).status).toBe(0);
    const place = placeAt(remote.path, failing);
    writeFileSync(place, contentOf(failing).toUpperCase());
    repository.write({ '.pulltrain': null, ...Object.fromEntries(paths.map((path) => [path, null])) });

    const first = pulltrain(repository.directory, 'pull', '--remote', remote.path);
    expect(first.status).toBe(1);
    expect(first.said).toContain(`${integrityOf(contentOf(failing))} is damaged there`);
    expect(first.said).toContain(failing);
    expect(first.said).toContain('39 brought');
    expect(dataOf(repository.directory)).toHaveLength(39);
    expect(existsSync(join(repository.directory, failing))).toBe(false);

    writeFileSync(place, contentOf(failing));
    const second = pulltrain(repository.directory, 'pull', '--remote', remote.path);
    expect(second).toMatchObject({ status: 0, said: expect.stringContaining('1 brought, 39 already there') });
    expect(readFileSync(join(repository.directory, failing), 'utf8')).toBe(contentOf(failing));
  });
});
