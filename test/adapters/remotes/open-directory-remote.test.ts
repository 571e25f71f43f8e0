import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { openDirectoryRemote } from '../../../adapters/remotes/open-directory-remote.ts';
import { temporaryDirectory } from '../../fixtures/git-repository.ts';
import { listAll, readAll, remoteContract } from './remote-contract.ts';

const module = fileURLToPath(new URL('../../../adapters/remotes/open-directory-remote.ts', import.meta.url));

describe('a remote in a directory', () => {
  const folders: (Disposable & { path: string })[] = [];
  afterAll(() => {
    for (const folder of folders) folder[Symbol.dispose]();
  });

  remoteContract(async () => {
    const folder = temporaryDirectory();
    folders.push(folder);
    const root = join(folder.path, 'not/yet/there');
    return { remote: openDirectoryRemote(root), again: () => openDirectoryRemote(root) };
  });

  it('keeps objects as files of their name, and nothing else', async () => {
    using folder = temporaryDirectory();
    const remote = openDirectoryRemote(folder.path);
    await remote.write('files/md5/ab/cdef', Buffer.from('hello'));
    expect(readFileSync(join(folder.path, 'files/md5/ab/cdef'), 'utf8')).toBe('hello');
    expect(readdirSync(join(folder.path, 'tmp'))).toEqual([]);
  });

  it('lists neither files on their way nor damaged ones put away', async () => {
    using folder = temporaryDirectory();
    const remote = openDirectoryRemote(folder.path);
    for (const name of ['tmp', 'quarantine']) {
      mkdirSync(join(folder.path, name));
      writeFileSync(join(folder.path, name, 'left'), 'x');
    }
    expect(await listAll(remote, '')).toEqual([]);
  });

  it('gives objects the rights of new files, not those of the source', async () => {
    using folder = temporaryDirectory();
    const file = join(folder.path, 'private');
    writeFileSync(file, Buffer.alloc(2_000_000), { mode: 0o600 });
    const plain = join(folder.path, 'plain');
    writeFileSync(plain, '');
    await openDirectoryRemote(join(folder.path, 'r')).write('a/b', { file, size: 2_000_000 });
    expect(statSync(join(folder.path, 'r/a/b')).mode).toBe(statSync(plain).mode);
  });

  it('says that the share is not mounted when its folder is not there', async () => {
    await expect(readAll(openDirectoryRemote('/nowhere/at/all'), 'a/b')).rejects.toThrow('mount the share');
  });

  it('shows nothing when the disk takes no more', async () => {
    using folder = temporaryDirectory();
    const file = join(folder.path, 'file');
    writeFileSync(file, Buffer.alloc(3_000_000, 1));
    const root = join(folder.path, 'r');
    const program = `
      import { openDirectoryRemote } from ${JSON.stringify(module)};
      try { await openDirectoryRemote(process.argv[1]).write('a/b', { file: process.argv[2], size: 3000000 }); }
      catch (fault) { console.log(fault.code); }`;
    // The shell's limit on file size (in KiB) stands for a full disk: a write fails half way through the file.
    const limited = 'trap "" XFSZ; ulimit -f 1500; exec "$0" --input-type=module-typescript -e "$1" "$2" "$3"';
    const { stdout } = spawnSync('bash', ['-c', limited, process.execPath, program, root, file], { encoding: 'utf8' });
    expect(stdout.trim()).toBe('remote-failed');
    expect(await listAll(openDirectoryRemote(root), '')).toEqual([]);
    expect(readdirSync(join(root, 'tmp'))).toEqual([]);
  });

  it('shows whole objects or none when the writer is killed', async () => {
    using folder = temporaryDirectory();
    const file = join(folder.path, 'file');
    const size = 8_000_000;
    writeFileSync(file, Buffer.alloc(size, 1));
    const program = `
      import { openDirectoryRemote } from ${JSON.stringify(module)};
      const remote = openDirectoryRemote(process.argv[1]);
      console.log('begun');
      for (let index = 0; ; index += 1) await remote.write('a/' + index, { file: process.argv[2], size: ${size} });`;
    const root = join(folder.path, 'r');
    const script = '"$0" --input-type=module-typescript -e "$1" "$2" "$3" & sleep 0.7; kill -9 $!; wait 2>/dev/null';
    spawnSync('bash', ['-c', script, process.execPath, program, root, file], { encoding: 'utf8' });
    const objects = await listAll(openDirectoryRemote(root), '');
    expect(objects.filter((object) => object.size !== size)).toEqual([]);
  });
});
