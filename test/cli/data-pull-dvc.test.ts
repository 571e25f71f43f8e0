import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../cli/run-command.ts';
import { verbs } from '../../cli/verbs.ts';
import { dvcRepository, filesBelow, presentOf } from '../fixtures/dvc-repository.ts';
import { fakeSurroundings } from '../fixtures/fake-surroundings.ts';
import { s3Name, s3Program, startS3Server } from '../fixtures/s3-server.ts';

async function pull(directory: string, ...args: string[]) {
  const { surroundings, said } = fakeSurroundings(directory);
  const exit = await runCommand(['data', 'pull', ...args, '--json'], verbs, surroundings);
  return { exit, err: said.err, ...(said.out === '' ? {} : JSON.parse(said.out)) };
}

/** Where DVC 3 keeps an object below a remote. */
const objectOf = (md5: string) => join('files/md5', md5.slice(0, 2), md5.slice(2));
const digestOfTrain = '25219a9b1c13dff98716c2b686a23662';

describe.each([3, 2] as const)('pulltrain data pull in a repository of DVC %i', (version) => {
  it('brings the same bytes, and has nothing to do the second time', async () => {
    using repository = dvcRepository(version);
    const { directory, expected } = repository;
    expect(presentOf(directory, expected)).toEqual([]);
    const first = await pull(directory);
    expect(first).toMatchObject({ exit: 0, present: [], faults: [], extra: [] });
    expect(presentOf(directory, expected)).toEqual([...expected.keys()]);
    expect(await pull(directory)).toMatchObject({ exit: 0, placed: [], present: first.placed });
  });

  it('takes from the cache of DVC what is there, without a remote', async () => {
    using repository = dvcRepository(version);
    const { directory, around, expected } = repository;
    renameSync(join(around, 'store'), join(directory, '.dvc/cache'));
    if (version === 3) cpSync(join(around, 'second'), join(directory, '.dvc/cache'), { recursive: true });
    writeFileSync(join(directory, '.dvc/config'), '');
    expect(await pull(directory)).toMatchObject({ exit: 0, faults: [] });
    expect(presentOf(directory, expected)).toEqual([...expected.keys()]);
  });
});

describe('pulltrain data pull beside DVC', () => {
  it('leaves what git keeps to git', async () => {
    using repository = dvcRepository(3);
    const { placed } = await pull(repository.directory);
    expect(placed.toSorted()).toEqual([
      'images',
      'out/head.csv',
      'out/parts',
      'out/x.txt',
      'out/y.txt',
      'sub/dir/notes.txt',
      'sub/made.txt',
      'sub/other.txt',
      'train.csv',
    ]);
  });

  it('makes a file executable that DVC noted as such', async () => {
    using repository = dvcRepository(3);
    const { directory } = repository;
    writeFileSync(
      join(directory, 'run.dvc'),
      'outs:\n- md5: 46bbbe8aa98cc0714426e948474eaaf4\n  isexec: true\n  hash: md5\n  path: run\n',
    );
    await pull(directory, 'run');
    expect(statSync(join(directory, 'run')).mode & 0o111).not.toBe(0);
    expect(await pull(directory, 'run')).toMatchObject({ present: ['run'] });
  });

  it('brings only what is asked for: a path, a folder of outs, or the outs of a .dvc file', async () => {
    using repository = dvcRepository(3);
    const { directory } = repository;
    expect(await pull(directory, 'train.csv')).toMatchObject({ placed: ['train.csv'] });
    expect((await pull(directory, 'out')).placed.toSorted()).toEqual([
      'out/head.csv',
      'out/parts',
      'out/x.txt',
      'out/y.txt',
    ]);
    expect(await pull(directory, 'sub/dir/notes.txt.dvc')).toMatchObject({ placed: ['sub/dir/notes.txt'] });
    expect(await pull(directory, 'nothing.csv')).toMatchObject({
      exit: 1,
      err: expect.stringContaining('nothing.csv'),
    });
  });

  it('does not overwrite work that nobody else has, and brings the rest', async () => {
    using repository = dvcRepository(3);
    const { directory, expected } = repository;
    writeFileSync(join(directory, 'train.csv'), 'my own work');
    const pulled = await pull(directory);
    expect(pulled.exit).toBe(1);
    expect(pulled.faults).toMatchObject([{ path: 'train.csv', code: 'data-differs' }]);
    expect(readFileSync(join(directory, 'train.csv'), 'utf8')).toBe('my own work');
    expect(presentOf(directory, expected)).toEqual([...expected.keys()].filter((path) => path !== 'train.csv'));
  });

  it('replaces another version that the remote has, and leaves files in a folder that nobody knows', async () => {
    using repository = dvcRepository(3);
    const { directory, expected } = repository;
    await pull(directory);
    writeFileSync(join(directory, 'train.csv'), expected.get('images/1.txt') ?? '');
    writeFileSync(join(directory, 'images/1.txt'), expected.get('train.csv') ?? '');
    writeFileSync(join(directory, 'images/of-another-version'), expected.get('train.csv') ?? '');
    writeFileSync(join(directory, 'images/notes.txt'), 'mine');
    rmSync(join(directory, 'images/deep'), { recursive: true });
    const pulled = await pull(directory);
    expect(pulled).toMatchObject({ exit: 0, extra: ['images/notes.txt'] });
    expect(pulled.placed.toSorted()).toEqual(['images', 'train.csv']);
    expect(presentOf(directory, expected)).toEqual([...expected.keys()]);
    expect(existsSync(join(directory, 'images/of-another-version'))).toBe(false);
    expect(readFileSync(join(directory, 'images/notes.txt'), 'utf8')).toBe('mine');
  });

  it('names a damaged object, keeps it from the work tree, and takes a whole one from elsewhere', async () => {
    using repository = dvcRepository(3);
    const { directory, around, expected } = repository;
    const object = join(around, 'store', objectOf(digestOfTrain));
    const whole = readFileSync(object);
    writeFileSync(object, 'damaged');
    const pulled = await pull(directory);
    expect(pulled.exit).toBe(1);
    expect(pulled.faults.map(({ path }: { path: string }) => path).toSorted()).toEqual(['out/parts', 'train.csv']);
    expect(pulled.faults[0]).toMatchObject({ code: 'content-corrupt', message: expect.stringContaining(object) });
    expect(existsSync(join(directory, 'train.csv'))).toBe(false);

    const cached = join(directory, '.dvc/cache', objectOf(digestOfTrain));
    mkdirSync(join(cached, '..'), { recursive: true });
    writeFileSync(cached, whole);
    expect(await pull(directory)).toMatchObject({ exit: 0 });
    expect(presentOf(directory, expected)).toEqual([...expected.keys()]);
  });

  it('says which object is missing, and lets --remote name another place', async () => {
    using repository = dvcRepository(3);
    const { directory, around, expected } = repository;
    const elsewhere = join(around, 'elsewhere');
    renameSync(join(around, 'store'), elsewhere);
    cpSync(join(around, 'second'), elsewhere, { recursive: true });
    const failed = await pull(directory, 'train.csv');
    expect(failed.faults).toMatchObject([
      { code: 'content-missing', message: expect.stringContaining(objectOf(digestOfTrain)) },
    ]);
    expect(await pull(directory, '--remote', elsewhere)).toMatchObject({ exit: 0 });
    expect(presentOf(directory, expected)).toEqual([...expected.keys()]);
    expect((await pull(directory, '--remote', 'sotre', 'train.csv')).exit).toBe(0);
    rmSync(join(directory, 'train.csv'));
    expect((await pull(directory, '--remote', 'stroe', 'train.csv')).faults).toMatchObject([
      { code: 'dvc-remote-missing', message: expect.stringContaining('Did you mean store?') },
    ]);
  });

  it('reads settings of config.local over the shared ones, with a cache elsewhere', async () => {
    using repository = dvcRepository(3);
    const { directory, around, expected } = repository;
    renameSync(join(around, 'store'), join(around, 'moved'));
    renameSync(join(around, 'second'), join(around, 'cache'));
    writeFileSync(
      join(directory, '.dvc/config.local'),
      '# mine\n[cache]\n    dir = ../../cache\n[\'remote "store"\']\n    url = "../../moved" # here\n',
    );
    expect(await pull(directory)).toMatchObject({ exit: 0 });
    expect(presentOf(directory, expected)).toEqual([...expected.keys()]);
  });

  it('says what cannot be had here and how else, and brings the rest', async () => {
    using repository = dvcRepository(3);
    const { directory, expected } = repository;
    const dvc = (name: string, text: string) => writeFileSync(join(directory, name), text);
    const md5 = `md5: ${digestOfTrain}`;
    dvc('outside.dvc', `outs:\n- ${md5}\n  hash: md5\n  path: ../../outside.csv\n`);
    dvc('cloud.dvc', 'outs:\n- path: cloud\n  files:\n  - relpath: a\n');
    dvc('broken.dvc', 'outs:\n<<<<<<< HEAD\n- md5: a\n');
    dvc('again.dvc', `outs:\n- ${md5}\n  hash: md5\n  path: train.csv\n`);
    dvc('wrong.dvc', 'outs:\n- md5: nonsense\n  path: x\n- path: 3\n');
    const missing = 'a'.repeat(32);
    dvc(
      'imported.dvc',
      `deps:\n- path: data.csv\n  repo:\n    url: https://example.com/data.git\nouts:\n- md5: ${missing}\n  hash: md5\n  path: imported.csv\n`,
    );
    const pulled = await pull(directory);
    const messages = pulled.faults.map(({ message }: { message: string }) => message).join('\n');
    for (const part of [
      'outside.dvc: ../../outside.csv: the path leaves the repository',
      'cloud.dvc: cloud: it is kept by the versions of a cloud bucket. Bring it with "dvc pull"',
      'broken.dvc',
      'train.csv: again.dvc names it as well',
      'outs.0.md5',
      'outs.1.path',
      'It was imported from https://example.com/data.git: bring it with "dvc pull imported.dvc"',
    ]) {
      expect(messages).toContain(part);
    }
    expect(presentOf(directory, expected)).toEqual([...expected.keys()]);
    expect(existsSync(join(directory, '../../outside.csv'))).toBe(false);
  });

  it('writes through no link that leads out of the repository, and follows those of DVC into its cache', async () => {
    using repository = dvcRepository(3);
    const { directory, around, expected } = repository;
    mkdirSync(join(around, 'outside'));
    symlinkSync(join(around, 'outside'), join(directory, 'images'));
    const object = join(around, 'store', objectOf(digestOfTrain));
    symlinkSync(object, join(directory, 'train.csv'));
    const pulled = await pull(directory);
    expect(pulled.faults).toMatchObject([{ path: 'images', code: 'path-outside' }]);
    expect(filesBelow(join(around, 'outside'))).toEqual([]);
    expect(pulled.present).toContain('train.csv');
    expect(statSync(join(directory, 'train.csv')).size).toBe(expected.get('train.csv')?.length);
  });

  it('tells of a remote of a kind that it does not know', async () => {
    using repository = dvcRepository(3);
    writeFileSync(
      join(repository.directory, '.dvc/config'),
      '[core]\nremote = far\n[\'remote "far"\']\nurl = gdrive://abc\n',
    );
    const pulled = await pull(repository.directory, 'train.csv');
    expect(pulled.faults).toMatchObject([
      { code: 'dvc-remote-unsupported', message: expect.stringContaining('gdrive://') },
    ]);
  });

  it('goes on after an unreadable file', async () => {
    using repository = dvcRepository(3);
    const { directory, expected } = repository;
    mkdirSync(join(directory, 'train.csv'));
    const pulled = await pull(directory);
    expect(pulled.faults).toMatchObject([{ path: 'train.csv', code: 'data-differs' }]);
    expect(presentOf(directory, expected)).toHaveLength(expected.size - 1);
  });
});

describe.skipIf(s3Program === null)(`pulltrain data pull from the bucket of a DVC remote, with ${s3Name}`, () => {
  it('reads endpoint and keys from the configuration of DVC', async () => {
    await using server = await startS3Server();
    using repository = dvcRepository(3);
    const { directory, around, expected } = repository;
    server.makeBucket('data');
    cpSync(join(around, 'store'), join(server.directory, 'data/team/store'), { recursive: true });
    rmSync(join(around, 'store'), { recursive: true });
    writeFileSync(
      join(directory, '.dvc/config'),
      '[core]\nremote = store\n[\'remote "bucket"\']\nurl = s3://data/team\n[\'remote "store"\']\nurl = remote://bucket/store\n' +
        '[\'remote "second"\']\nurl = ../../second\n',
    );
    const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = server.environment;
    writeFileSync(
      join(directory, '.dvc/config.local'),
      `['remote "bucket"']\nendpointurl = ${server.endpoint}\naccess_key_id = ${id}\nsecret_access_key = ${secret}\n`,
    );
    expect(await pull(directory)).toMatchObject({ exit: 0, faults: [] });
    expect(presentOf(directory, expected)).toEqual([...expected.keys()]);
  });
});
