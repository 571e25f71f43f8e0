import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dvcIntegrity, dvcObjectName } from '../../../../pipelines/data/dvc/dvc-out.ts';
import { findDvcRemote } from '../../../../pipelines/data/dvc/find-dvc-remote.ts';
import { parseDvcConfig } from '../../../../pipelines/data/dvc/parse-dvc-config.ts';
import { parseDvcDirectory } from '../../../../pipelines/data/dvc/parse-dvc-directory.ts';
import { parseDvcFile } from '../../../../pipelines/data/dvc/parse-dvc-file.ts';
import { parseDvcLock } from '../../../../pipelines/data/dvc/parse-dvc-lock.ts';
import { PulltrainError } from '../../../../pipelines/errors.ts';

const md5 = '25219a9b1c13dff98716c2b686a23662';

describe('a .dvc file', () => {
  it('names its outs relative to the repository, as wdir says', () => {
    const text = `wdir: ../raw\nouts:\n- md5: ${md5}.dir\n  size: 7\n  hash: md5\n  path: images\n  remote: far\n`;
    expect(parseDvcFile(text, 'data/pointers/images.dvc').outs).toEqual([
      {
        path: 'data/raw/images',
        file: 'data/pointers/images.dvc',
        digest: { md5, isDirectory: true, isLegacy: false },
        size: 7,
        isExecutable: false,
        remote: 'far',
      },
    ]);
  });

  it('of DVC before 3.0 says nothing of the hash, and keeps its objects elsewhere', () => {
    const [old] = parseDvcFile(`outs:\n- md5: ${md5}\n  path: a\n`, 'a.dvc').outs;
    expect(old?.digest.isLegacy).toBe(true);
    expect(dvcObjectName({ md5, isDirectory: false, isLegacy: true })).toBe(`25/${md5.slice(2)}`);
    expect(dvcObjectName({ md5, isDirectory: true, isLegacy: false })).toBe(`files/md5/25/${md5.slice(2)}.dir`);
    expect(dvcIntegrity({ md5, isDirectory: false, isLegacy: false })).toBe('md5-JSGamxwT3/mHFsK2hqI2Yg==');
  });

  it('leaves out what git keeps, and may have no outs', () => {
    expect(parseDvcFile(`outs:\n- md5: ${md5}\n  cache: false\n  path: a\n`, 'a.dvc').outs).toEqual([]);
    for (const text of ['', 'outs:\n', 'deps: []\n']) expect(parseDvcFile(text, 'a.dvc').outs).toEqual([]);
  });

  it.each(['../../x', '/etc/passwd', 's3://bucket/x', 'a\\u0000b', '"a\\nb"'])('is not followed to %s', (path) => {
    const text = `outs:\n- md5: ${md5}\n  hash: md5\n  path: ${path}\n`;
    const { outs } = parseDvcFile(text, 'data/a.dvc');
    expect(outs.every((out) => out.path.startsWith('data/') && !/[\n\0]/.test(out.path))).toBe(true);
    if (!path.startsWith('a')) expect(outs).toEqual([]);
  });

  it('tells all its faults at once', () => {
    const text = 'outs:\n- md5: nonsense\n  path: x\n- md5: 3\n  path: 4\n';
    expect(() => parseDvcFile(text, 'a.dvc')).toThrow(/outs\.0\.md5.*outs\.1\.path.*outs\.1\.md5/s);
    expect(() => parseDvcFile('x: '.repeat(2_000_000), 'a.dvc')).toThrow('longer than');
  });

  it('never fails in another way than by a sentence', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseDvcFile(text, 'a.dvc');
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(PulltrainError);
        }
      }),
    );
  });
});

describe('a dvc.lock', () => {
  const stage = { name: 'a', directory: 'sub', uncached: ['sub/metrics.json'], remotes: { 'sub/far': 'far' } };
  const outs = ['metrics.json', 'far', 'near']
    .map((path) => `  - path: ${path}\n    hash: md5\n    md5: ${md5}\n`)
    .join('');
  const stages = `a:\n  cmd: x\n  outs:\n${outs}b:\n  cmd: x\n  outs:\n  - path: gone\n    md5: ${md5}\n`;

  it.each([
    ['of now', `schema: '2.0'\nstages:\n${stages.replace(/^/gm, '  ')}`],
    ['from before DVC 2.0', stages],
  ])('%s counts for the stages that the pipeline still has', (_, text) => {
    const read = parseDvcLock(text, 'sub/dvc.lock', [stage]);
    expect(read.outs.map(({ path, remote }) => [path, remote])).toEqual([
      ['sub/far', 'far'],
      ['sub/near', undefined],
    ]);
  });

  it('of another kind is refused', () => {
    expect(() => parseDvcLock("schema: '9.0'\n", 'dvc.lock', [])).toThrow(
      expect.objectContaining({ code: 'dvc-file-invalid' }),
    );
  });
});

describe('the listing of a directory', () => {
  const entry = (relpath: string) => ({ md5, relpath });
  const parse = (entries: unknown) => parseDvcDirectory(JSON.stringify(entries), 'listing');

  it('keeps any name that a file can have', () => {
    const names = ['a', 'with space/ü', 'new\nline', 'dots..in/..name', '...'];
    expect(parse(names.map(entry)).map(({ path }) => path)).toEqual(names);
  });

  it.each(['../up', 'a/../../b', '/abs', '', 'a//b', 'a/', '.', 'a\0b'])('refuses the path %j', (path) => {
    expect(() => parse([entry(path)])).toThrow(expect.objectContaining({ code: 'dvc-directory-invalid' }));
  });

  it('refuses two files in one place', () => {
    expect(() => parse([entry('a'), entry('a')])).toThrow('twice');
    expect(() => parse([entry('a'), entry('a/b')])).toThrow('a file and a folder');
    expect(() => parseDvcDirectory('[{', 'listing')).toThrow('not JSON');
  });
});

describe('the configuration of DVC', () => {
  const file = (text: string, folder = '/repo/.dvc') => ({ sections: parseDvcConfig(text), folder });
  const shared = file(`
[core]
    remote = store   # the usual one
    autostage = true
['remote "store"']
    url = ../store
['remote "s"']
    url = "s3://bucket/pre fix"
    endpointurl = 'http://localhost:9000'
    ; a comment
    broken line
['remote "deep"']
    url = remote://s/more
['remote "loop"']
    url = remote://loop/x
[remote "plain"]
    url = ~/data#1
`);

  it('finds the default remote, with paths that begin at the folder of the file', () => {
    expect(findDvcRemote([shared]).url).toBe('/repo/store');
    expect(findDvcRemote([shared, file('[core]\nremote = s\n')])).toMatchObject({
      name: 's',
      url: 's3://bucket/pre fix',
    });
    expect(findDvcRemote([shared, file('[\'remote "store"\']\nurl = here\n', '/other')]).url).toBe('/other/here');
    expect(findDvcRemote([shared], 'plain').url).toBe('~/data#1');
  });

  it('joins settings of several files, and follows remotes of remotes', () => {
    const local = file('[\'remote "s"\']\naccess_key_id = me\n');
    const deep = findDvcRemote([shared, local], 'deep');
    expect(deep.url).toBe('s3://bucket/pre fix/more');
    expect(Object.fromEntries(deep.settings)).toMatchObject({
      endpointurl: 'http://localhost:9000',
      access_key_id: 'me',
    });
    expect(() => findDvcRemote([shared], 'loop')).toThrow('refers to itself');
  });

  it('says which remotes there are', () => {
    expect(() => findDvcRemote([shared], 'stroe')).toThrow(/allowed: deep, loop, plain, s, store.*Did you mean store/s);
    expect(() => findDvcRemote([file('')])).toThrow('no default remote');
  });
});
