import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openLocalStore } from '../../../adapters/content-store/open-local-store.ts';
import { openStore } from '../../../adapters/content-store/open-store.ts';
import { integrityHex, integrityOf } from '../../../pipelines/integrity.ts';
import { temporaryDirectory } from '../../fixtures/git-repository.ts';

function placeOf(root: string, content: string): string {
  const hex = integrityHex(integrityOf(content));
  return join(root, 'sha512', hex.slice(0, 2), hex.slice(2));
}

/** Every file below a folder, relative to it. */
function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('a store in a directory', () => {
  it('gives back what was put, under the name of its content', async () => {
    using folder = temporaryDirectory();
    const store = openLocalStore(join(folder.path, 'store'));
    const file = join(folder.path, 'a.bin');
    writeFileSync(file, 'hello');
    const put = await store.put(file);
    expect(put).toEqual({ integrity: integrityOf('hello'), size: 5 });
    expect(await store.has(put.integrity)).toBe(true);
    expect(readFileSync(placeOf(join(folder.path, 'store'), 'hello'), 'utf8')).toBe('hello');

    const destination = join(folder.path, 'deep/er/b.bin');
    await store.get(put.integrity, destination);
    expect(readFileSync(destination, 'utf8')).toBe('hello');
    expect(readdirSync(dirname(destination))).toEqual(['b.bin']);
  });

  it('keeps empty files and files larger than one read', async () => {
    using folder = temporaryDirectory();
    const store = openLocalStore(join(folder.path, 'store'));
    for (const content of ['', 'x'.repeat(300_000)]) {
      const file = join(folder.path, 'file');
      writeFileSync(file, content);
      const { integrity } = await store.put(file);
      await store.get(integrity, join(folder.path, 'back'));
      expect(readFileSync(join(folder.path, 'back'), 'utf8')).toBe(content);
    }
  });

  it('takes a sha256 name', async () => {
    using folder = temporaryDirectory();
    const digest = createHash('sha256').update('old').digest();
    const place = join(folder.path, 'sha256', digest.toString('hex').slice(0, 2), digest.toString('hex').slice(2));
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, 'old');
    await openLocalStore(folder.path).get(`sha256-${digest.toString('base64')}`, join(folder.path, 'back'));
    expect(readFileSync(join(folder.path, 'back'), 'utf8')).toBe('old');
  });

  it('says what it does not have', async () => {
    using folder = temporaryDirectory();
    const store = openLocalStore(folder.path);
    expect(await store.has(integrityOf('x'))).toBe(false);
    await expect(store.get(integrityOf('x'), join(folder.path, 'y'))).rejects.toMatchObject({
      code: 'content-missing',
    });
    expect(existsSync(join(folder.path, 'y'))).toBe(false);
  });

  it('names damaged bytes, puts them away, and counts them as missing', async () => {
    using folder = temporaryDirectory();
    const root = join(folder.path, 'store');
    const store = openLocalStore(root);
    const file = join(folder.path, 'a');
    writeFileSync(file, 'hello');
    const { integrity } = await store.put(file);
    writeFileSync(placeOf(root, 'hello'), 'hellO');
    const destination = join(folder.path, 'b');
    await expect(store.get(integrity, destination)).rejects.toMatchObject({
      code: 'content-corrupt',
      message: expect.stringContaining(integrity),
    });
    expect(existsSync(destination)).toBe(false);
    expect(await store.has(integrity)).toBe(false);
    expect(readdirSync(join(root, 'quarantine'))).toHaveLength(1);

    await store.put(file);
    await store.get(integrity, destination);
    expect(readFileSync(destination, 'utf8')).toBe('hello');
  });

  it('heals a file that was cut short by putting it again', async () => {
    using folder = temporaryDirectory();
    const root = join(folder.path, 'store');
    const store = openLocalStore(root);
    const file = join(folder.path, 'a');
    writeFileSync(file, 'hello');
    const { integrity } = await store.put(file);
    writeFileSync(placeOf(root, 'hello'), 'he');
    await store.put(file);
    await store.get(integrity, join(folder.path, 'b'));
    expect(readFileSync(join(folder.path, 'b'), 'utf8')).toBe('hello');
  });

  it('survives many puts of the same bytes at once', async () => {
    using folder = temporaryDirectory();
    const root = join(folder.path, 'store');
    const file = join(folder.path, 'a');
    writeFileSync(file, 'same'.repeat(10_000));
    await Promise.all(Array.from({ length: 12 }, () => openLocalStore(root).put(file)));
    expect(filesBelow(root)).toEqual([placeOf(root, 'same'.repeat(10_000))]);
  });

  it('leaves nothing behind when the source cannot be read', async () => {
    using folder = temporaryDirectory();
    const root = join(folder.path, 'store');
    await expect(openLocalStore(root).put(join(folder.path, 'absent'))).rejects.toMatchObject({
      code: 'store-failed',
    });
    expect(filesBelow(root)).toEqual([]);
  });

  it('leaves nothing visible when the disk takes no more', () => {
    using folder = temporaryDirectory();
    const root = join(folder.path, 'store');
    const file = join(folder.path, 'a');
    writeFileSync(file, 'x'.repeat(200_000));
    const module = fileURLToPath(new URL('../../../adapters/content-store/open-local-store.ts', import.meta.url));
    const program = `
      import { openLocalStore } from ${JSON.stringify(module)};
      try { await openLocalStore(process.argv[1]).put(process.argv[2]); } catch (fault) { console.log(fault.code); }`;
    // The shell's limit on file size (in blocks) stands for a full disk: a write fails half way through the file.
    const limited = 'trap "" XFSZ; ulimit -f 100; exec "$0" --input-type=module-typescript -e "$1" "$2" "$3"';
    const { stdout } = spawnSync('bash', ['-c', limited, process.execPath, program, root, file], { encoding: 'utf8' });
    expect(stdout.trim()).toBe('disk-full');
    expect(filesBelow(root)).toEqual([]);
  });

  it('refuses a name that is no integrity, before it becomes a path', async () => {
    using folder = temporaryDirectory();
    await expect(openLocalStore(folder.path).has('sha512-../../etc/passwd')).rejects.toMatchObject({
      code: 'integrity-invalid',
    });
  });
});

describe('the address of a store', () => {
  it('is a file URL or an absolute path', async () => {
    using folder = temporaryDirectory();
    const file = join(folder.path, 'a');
    writeFileSync(file, 'hello');
    const { integrity } = await openStore(`file://${folder.path}/with%20space`).put(file);
    expect(await openStore(join(folder.path, 'with space')).has(integrity)).toBe(true);
  });

  it('is refused otherwise, without the credentials in it', () => {
    expect(() => openStore('')).toThrow('no data store is named');
    expect(() => openStore('relative/path')).toThrow(expect.objectContaining({ code: 'remote-unknown' }));
    expect(() => openStore('s3://key:secret@host/bucket?sig=abc')).toThrow('got s3://***@host/bucket?***');
  });
});
