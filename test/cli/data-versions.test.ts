import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../cli/run-command.ts';
import { verbs } from '../../cli/verbs.ts';
import { fakeSurroundings } from '../fixtures/fake-surroundings.ts';
import { gitRepository } from '../fixtures/git-repository.ts';

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

async function data(directory: string, ...args: string[]) {
  const { surroundings, said } = fakeSurroundings(directory);
  return { exit: await runCommand(['data', ...args], verbs, surroundings), ...said };
}

async function dataJson(directory: string, ...args: string[]) {
  return JSON.parse((await data(directory, ...args, '--json')).out);
}

function noise(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

const bytesBelow = (folder: string) => filesBelow(folder).reduce((sum, file) => sum + statSync(file).size, 0);

/** The pack that holds some text. */
function packWith(folder: string, text: string): string {
  return filesBelow(folder).find((file) => file.endsWith('.pack') && readFileSync(file).includes(text)) ?? '';
}

function folderOf(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`d/f${index}.txt`, `content ${index}`]));
}

describe('versions of a folder', () => {
  it('go to a remote, come back, and tell what changed between them', async () => {
    using repository = gitRepository({ '.gitignore': '/d\n/.pulltrain\n/remote\n' });
    const { directory } = repository;
    const remote = join(directory, 'remote');
    repository.write({ ...folderOf(40), 'd/sub/deep/x.txt': 'x', 'd/odd\nname é.txt': 'odd', 'd/empty': '' });
    expect(await data(directory, 'add', 'd', '--source', 'made', '--licence', 'CC0')).toMatchObject({ exit: 0 });
    expect(await dataJson(directory, 'status', '--remote', remote)).toMatchObject({
      data: [{ path: 'd', state: 'unchanged', pushed: false }],
    });
    await data(directory, 'push', '--remote', remote);
    const first = repository.commit('first');

    repository.write({ 'd/f3.txt': 'other', 'd/f4.txt': null, 'd/sub/new.txt': 'new' });
    expect(await dataJson(directory, 'status', '--remote', remote)).toMatchObject({
      data: [{ state: 'changed', new: ['sub/new.txt'], changed: ['f3.txt'], removed: ['f4.txt'], pushed: true }],
    });
    await data(directory, 'add', 'd', '--remote', remote);
    expect(readFileSync(join(directory, 'd.pointer.yml'), 'utf8')).toContain('licence: CC0');
    expect(await dataJson(directory, 'diff', first)).toMatchObject({
      changes: [{ path: 'd', files: { added: ['sub/new.txt'], removed: ['f4.txt'], changed: ['f3.txt'] } }],
    });
    repository.commit('second');

    for (const gone of ['d', '.pulltrain']) rmSync(join(directory, gone), { recursive: true });
    expect(await dataJson(directory, 'pull', '--remote', remote)).toMatchObject({ placed: ['d'], faults: [] });
    expect(readFileSync(join(directory, 'd/odd\nname é.txt'), 'utf8')).toBe('odd');
    expect(readFileSync(join(directory, 'd/f3.txt'), 'utf8')).toBe('other');
    expect(existsSync(join(directory, 'd/f4.txt'))).toBe(false);

    repository.git('checkout', '-q', first, '--', 'd.pointer.yml');
    expect(await dataJson(directory, 'pull', '--remote', remote)).toMatchObject({ placed: ['d'] });
    expect(readFileSync(join(directory, 'd/f3.txt'), 'utf8')).toBe('content 3');
    expect(existsSync(join(directory, 'd/sub/new.txt'))).toBe(false);
  });

  it('never lose a file that nothing keeps', async () => {
    using repository = gitRepository(folderOf(3));
    const { directory } = repository;
    await data(directory, 'add', 'd');
    repository.write({ 'd/mine.txt': 'work of a day', 'd/f1.txt': 'edited' });
    const refused = await data(directory, 'checkout');
    expect(refused).toMatchObject({ exit: 1, out: expect.stringContaining('no store has them') });
    expect(refused.out).toContain('mine.txt');
    expect(readFileSync(join(directory, 'd/mine.txt'), 'utf8')).toBe('work of a day');
    expect(await data(directory, 'checkout', '--force')).toMatchObject({ exit: 0 });
    expect(readdirSync(join(directory, 'd')).sort()).toEqual(['f0.txt', 'f1.txt', 'f2.txt']);
  });

  it('see a change that keeps size and time of modification', async () => {
    using repository = gitRepository(folderOf(2));
    const { directory } = repository;
    const file = join(directory, 'd/f0.txt');
    utimesSync(file, 1000, 1000);
    await data(directory, 'add', 'd');
    writeFileSync(file, 'CONTENT 0');
    utimesSync(file, 1000, 1000);
    expect(await dataJson(directory, 'status')).toMatchObject({ data: [{ state: 'changed', changed: ['f0.txt'] }] });
  });
});

describe('a large file', () => {
  it('stores and moves of a new version only what changed', async () => {
    using repository = gitRepository({ 'big.bin': noise(6 * 2 ** 20, 1) });
    const { directory } = repository;
    const remote = join(directory, 'remote');
    const cache = join(directory, '.pulltrain/cache');
    await data(directory, 'add', 'big.bin', '--remote', remote);
    const before = [bytesBelow(join(cache, 'packs')), bytesBelow(remote)];
    const bytes = readFileSync(join(directory, 'big.bin'));
    const changed = Buffer.concat([bytes.subarray(0, 2_000_000), Buffer.from('inserted'), bytes.subarray(2_000_000)]);
    writeFileSync(join(directory, 'big.bin'), changed);
    await data(directory, 'add', 'big.bin', '--remote', remote);
    expect(bytesBelow(join(cache, 'packs')) - (before[0] ?? 0)).toBeLessThan(1.5 * 2 ** 20);
    expect(bytesBelow(remote) - (before[1] ?? 0)).toBeLessThan(1.5 * 2 ** 20);
    for (const gone of ['big.bin', '.pulltrain']) rmSync(join(directory, gone), { recursive: true });
    await data(directory, 'pull', '--remote', remote);
    expect(readFileSync(join(directory, 'big.bin')).equals(changed)).toBe(true);
  });
});

describe('damage', () => {
  it('is found, named by path, moved away, and mended from the remote', async () => {
    using repository = gitRepository(folderOf(20));
    const { directory } = repository;
    const remote = join(directory, 'remote');
    await data(directory, 'add', 'd', '--remote', remote);
    const pack = packWith(join(directory, '.pulltrain/cache/packs'), 'content 7');
    const bytes = readFileSync(pack);
    const at = bytes.indexOf('content 7');
    rmSync(pack);
    writeFileSync(pack, Buffer.concat([bytes.subarray(0, at), Buffer.from('CONTENT'), bytes.subarray(at + 7)]));
    expect(await dataJson(directory, 'verify')).toMatchObject({ hit: ['d/f7.txt'], damaged: [expect.any(String)] });
    expect(await data(directory, 'verify')).toMatchObject({ exit: 0 });
    rmSync(join(directory, 'd'), { recursive: true });
    expect(await data(directory, 'pull', '--remote', remote)).toMatchObject({ exit: 0 });
    expect(readFileSync(join(directory, 'd/f7.txt'), 'utf8')).toBe('content 7');
  });

  it('at a remote is named, does not arrive, and is mended from a sound store', async () => {
    using repository = gitRepository(folderOf(20));
    const { directory } = repository;
    const remote = join(directory, 'remote');
    await data(directory, 'add', 'd', '--remote', remote);
    const pack = packWith(remote, 'content 7');
    const bytes = readFileSync(pack);
    bytes.fill('?', bytes.indexOf('content 7'), bytes.indexOf('content 7') + 4);
    rmSync(pack);
    writeFileSync(pack, bytes);
    expect(await dataJson(directory, 'verify', '--remote', remote)).toMatchObject({ hit: ['d/f7.txt'] });
    expect(await data(directory, 'verify', '--remote', remote, '--repair')).toMatchObject({ exit: 1 });
    await data(directory, 'push', '--remote', remote);
    expect(await data(directory, 'verify', '--remote', remote)).toMatchObject({ exit: 0 });
  });
});

describe('gc', () => {
  it('keeps what a branch, a tag or the working tree names, and frees the rest', async () => {
    using repository = gitRepository({ '.gitignore': '/d\n/.pulltrain\n', ...folderOf(5) });
    const { directory } = repository;
    for (const [version, tag] of [
      ['one', 'kept'],
      ['two', null],
      ['three', null],
    ] as const) {
      repository.write({ 'd/f0.txt': version.repeat(100_000) });
      await data(directory, 'add', 'd');
      repository.commit(version);
      if (tag !== null) repository.git('tag', tag);
    }
    expect(await dataJson(directory, 'gc')).toMatchObject({ freed: 0, tooYoung: expect.any(Number) });
    const told = await dataJson(directory, 'gc', '--grace', '0', '--dry-run');
    expect(await dataJson(directory, 'gc', '--grace', '0')).toEqual(told);
    expect(told.freed).toBeGreaterThan(300_000);
    expect(told.freed).toBeLessThan(320_000);
    repository.git('checkout', '-q', 'kept');
    expect(await data(directory, 'checkout')).toMatchObject({ exit: 0 });
    expect(readFileSync(join(directory, 'd/f0.txt'), 'utf8').slice(0, 3)).toBe('one');
  });
});

describe('bad input', () => {
  it.each([
    ['a link out of the repository', 'd/out', '/etc/hostname', 'leads out of the repository'],
    ['a link to nowhere', 'd/gone', 'nowhere', 'leads nowhere'],
    ['a link to a folder', 'd/again', '.', 'link to a folder'],
  ])('refuses a folder with %s, and adds nothing', async (_, path, target, sentence) => {
    using repository = gitRepository(folderOf(2));
    const { directory } = repository;
    symlinkSync(target, join(directory, path));
    const { exit, err } = await data(directory, 'add', 'd');
    expect([exit, err]).toEqual([1, expect.stringContaining(sentence)]);
    expect(existsSync(join(directory, 'd.pointer.yml'))).toBe(false);
  });

  it('refuses paths out of the repository, and a folder that holds a repository', async () => {
    using repository = gitRepository({ 'a.bin': 'a' });
    const { directory } = repository;
    expect((await data(directory, 'add', '../x')).err).toContain('leads out of the repository');
    expect((await data(directory, 'add', '.')).err).toContain('holds a repository');
  });

  it('says what is wrong with a pointer edited by hand', async () => {
    using repository = gitRepository({ 'a.bin': 'a' });
    const { directory } = repository;
    await data(directory, 'add', 'a.bin');
    appendFileSync(join(directory, 'a.bin.pointer.yml'), 'sise: 3\n');
    const { exit, err } = await data(directory, 'status');
    expect([exit, err]).toEqual([1, expect.stringContaining('Unrecognized key: "sise"')]);
    expect((await data(directory, 'gc', '--grace', '0')).exit).toBe(1);
    expect(await data(directory, 'add', 'a.bin')).toMatchObject({ exit: 0 });
  });

  it('keeps the store whole when it is killed at any moment, and adds the same afterwards', async () => {
    using repository = gitRepository({ 'big.bin': noise(3 * 2 ** 20, 5), ...folderOf(300) });
    const { directory } = repository;
    for (const delay of [150, 300, 450, 600]) {
      const child = spawn(process.execPath, [main, 'data', 'add', 'd', 'big.bin'], { cwd: directory, stdio: 'ignore' });
      await new Promise((resolve) => setTimeout(resolve, delay));
      child.kill('SIGKILL');
      await new Promise((resolve) =>
        child.exitCode === null && child.signalCode === null ? child.once('close', resolve) : resolve(0),
      );
      expect((await data(directory, 'verify')).exit).toBe(0);
    }
    expect(await data(directory, 'add', 'd', 'big.bin')).toMatchObject({ exit: 0 });
    rmSync(join(directory, 'd'), { recursive: true });
    expect(await data(directory, 'checkout')).toMatchObject({ exit: 0 });
    expect(await dataJson(directory, 'status')).toMatchObject({
      data: [{ state: 'unchanged' }, { state: 'unchanged' }],
    });
  });

  it('lets two processes add at once', async () => {
    using repository = gitRepository({ 'e/x': 'x', ...folderOf(200) });
    const { directory } = repository;
    const exits = await Promise.all(
      [['d'], ['d', 'e']].map(
        (paths) =>
          new Promise((resolve) => {
            spawn(process.execPath, [main, 'data', 'add', ...paths], { cwd: directory, stdio: 'ignore' }).on(
              'close',
              resolve,
            );
          }),
      ),
    );
    expect(exits).toEqual([0, 0]);
    expect((await data(directory, 'verify')).exit).toBe(0);
    rmSync(join(directory, 'd'), { recursive: true });
    expect(await data(directory, 'checkout')).toMatchObject({ exit: 0 });
  });

  it('writes no pointer when the disk is full', () => {
    using repository = gitRepository({ 'big.bin': noise(3 * 2 ** 20, 5) });
    const { directory } = repository;
    // The shell's limit on file size (in blocks) stands for a full disk.
    const limited = 'trap "" XFSZ; ulimit -f 600; exec "$0" "$1" data add big.bin';
    const { stderr, status } = spawnSync('bash', ['-c', limited, process.execPath, main], {
      cwd: directory,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining('no room')]);
    expect(existsSync(join(directory, 'big.bin.pointer.yml'))).toBe(false);
    expect(filesBelow(join(directory, '.pulltrain/cache/tmp'))).toEqual([]);
    expect(filesBelow(join(directory, '.pulltrain/cache/packs'))).toEqual([]);
  });
});
