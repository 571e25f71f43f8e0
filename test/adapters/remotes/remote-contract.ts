import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ObjectRemote } from '../../../pipelines/ports/object-remote.ts';
import { temporaryDirectory } from '../../fixtures/git-repository.ts';

/** All bytes of an object, or of a range of it. */
export async function readAll(
  remote: ObjectRemote,
  name: string,
  range?: { start: number; end?: number },
): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of remote.read(name, range)) pieces.push(piece);
  return Buffer.concat(pieces);
}

export async function listAll(remote: ObjectRemote, prefix: string): Promise<{ name: string; size: number }[]> {
  const objects: { name: string; size: number }[] = [];
  for await (const { name, size } of remote.list(prefix)) objects.push({ name, size });
  return objects.sort((left, right) => left.name.localeCompare(right.name));
}

/**
 * What every remote does. `open` gives an empty one, and opens the same place again when it is called by the function it
 * returned. `large` bytes are more than go in one piece.
 */
export function remoteContract(
  open: () => Promise<{ remote: ObjectRemote; again(): ObjectRemote }>,
  { large = 3_000_000 }: { large?: number } = {},
): void {
  it('gives back what was written, to everyone who opens it', async () => {
    const { remote, again } = await open();
    await remote.write('sha512/ab/cdef', Buffer.from('hello'));
    await remote.write('files/md5/00/a-b_c.dir', Buffer.from('[]'));
    for (const one of [remote, again()]) {
      expect(await one.size('sha512/ab/cdef')).toBe(5);
      expect((await readAll(one, 'sha512/ab/cdef')).toString()).toBe('hello');
      expect((await readAll(one, 'files/md5/00/a-b_c.dir')).toString()).toBe('[]');
    }
  });

  it('keeps an object without bytes', async () => {
    const { remote, again } = await open();
    await remote.write('sha512/00/empty', new Uint8Array());
    expect(await again().size('sha512/00/empty')).toBe(0);
    expect(await readAll(again(), 'sha512/00/empty')).toHaveLength(0);
    expect(await listAll(again(), 'sha512/')).toEqual([{ name: 'sha512/00/empty', size: 0 }]);
  });

  it('reads any range, and nothing beyond the end', async () => {
    const { remote } = await open();
    await remote.write('a/digits', Buffer.from('0123456789'));
    const read = async (start: number, end?: number) =>
      (await readAll(remote, 'a/digits', end === undefined ? { start } : { start, end })).toString();
    expect(await read(0, 3)).toBe('012');
    expect(await read(4)).toBe('456789');
    expect(await read(4, 5)).toBe('4');
    expect(await read(4, 4)).toBe('');
    expect(await read(8, 100)).toBe('89');
    expect(await read(10)).toBe('');
    expect(await read(50, 60)).toBe('');
  });

  it('takes files of any size', async () => {
    const { remote, again } = await open();
    using folder = temporaryDirectory();
    const file = join(folder.path, 'large');
    const bytes = randomBytes(large);
    writeFileSync(file, bytes);
    await remote.write('a/large', { file, size: large });
    expect(await again().size('a/large')).toBe(large);
    expect((await readAll(again(), 'a/large')).equals(bytes)).toBe(true);
    const middle = { start: large - 1_000, end: large - 10 };
    expect((await readAll(again(), 'a/large', middle)).equals(bytes.subarray(middle.start, middle.end))).toBe(true);
    expect(await listAll(again(), '')).toEqual([{ name: 'a/large', size: large }]);
  });

  it('leaves an object alone that is there already', async () => {
    const { remote, again } = await open();
    await remote.write('a/b', Buffer.from('first'));
    await again().write('a/b', Buffer.from('second'));
    expect((await readAll(again(), 'a/b')).toString()).toBe('first');
  });

  it('serves two writers of one object, and many of many', async () => {
    const { remote, again } = await open();
    const other = again();
    const writes = Array.from({ length: 12 }, (_, index) =>
      (index % 2 === 0 ? remote : other).write(
        `a/${Math.floor(index / 2)}`,
        Buffer.from(`object ${Math.floor(index / 2)}`),
      ),
    );
    await Promise.all(writes);
    const reader = again();
    for (let index = 0; index < 6; index += 1) {
      expect((await readAll(reader, `a/${index}`)).toString()).toBe(`object ${index}`);
    }
    expect(await listAll(reader, 'a/')).toHaveLength(6);
  });

  it('lists by the beginning of the name', async () => {
    const { remote, again } = await open();
    for (const name of ['sha512/ab/1', 'sha512/ab/22', 'sha512/ac/3', 'runs/ab/4.json']) {
      await remote.write(name, Buffer.from(name.slice(-2)));
    }
    const names = async (prefix: string) => (await listAll(again(), prefix)).map(({ name }) => name);
    expect(await names('')).toEqual(['runs/ab/4.json', 'sha512/ab/1', 'sha512/ab/22', 'sha512/ac/3']);
    expect(await names('sha512/ab/')).toEqual(['sha512/ab/1', 'sha512/ab/22']);
    expect(await names('sha512/a')).toEqual(['sha512/ab/1', 'sha512/ab/22', 'sha512/ac/3']);
    expect(await names('sha512/ab/2')).toEqual(['sha512/ab/22']);
    expect(await names('none/')).toEqual([]);
  });

  it('says what is not there, and forgets what is removed', async () => {
    const { remote, again } = await open();
    expect(await remote.size('a/none')).toBeNull();
    await expect(readAll(remote, 'a/none')).rejects.toMatchObject({ code: 'object-missing' });
    await remote.remove('a/none');
    await remote.write('a/b', Buffer.from('x'));
    await remote.remove('a/b');
    expect(await again().size('a/b')).toBeNull();
    await remote.write('a/b', Buffer.from('again'));
    expect((await readAll(again(), 'a/b')).toString()).toBe('again');
  });

  it('writes nothing of a file that is not what was announced', async () => {
    const { remote, again } = await open();
    using folder = temporaryDirectory();
    const file = join(folder.path, 'file');
    writeFileSync(file, 'short');
    await expect(remote.write('a/b', { file, size: 6 })).rejects.toMatchObject({ code: 'remote-failed' });
    expect(await again().size('a/b')).toBeNull();
    expect(await listAll(again(), '')).toEqual([]);
  });

  it.each(['', '/etc/passwd', '../up', 'a//b', 'a/../b', 'a/.', 'A/b', 'a b', 'a\n', `a/${'b'.repeat(300)}`])(
    'refuses the name %j',
    async (name) => {
      const { remote } = await open();
      const refused = { code: 'object-name-invalid' };
      await expect(remote.size(name)).rejects.toMatchObject(refused);
      await expect(remote.write(name, Buffer.from('x'))).rejects.toMatchObject(refused);
      await expect(readAll(remote, name)).rejects.toMatchObject(refused);
      await expect(remote.remove(name)).rejects.toMatchObject(refused);
    },
  );
}
