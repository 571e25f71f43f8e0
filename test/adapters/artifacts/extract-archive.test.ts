import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { extractArchive } from '../../../adapters/artifacts/extract-archive.ts';
import { PulltrainError } from '../../../pipelines/errors.ts';
import { temporaryDirectory } from '../../fixtures/git-repository.ts';

const allowed = ['model.onnx', 'run-record.json', 'logs/'];
const zipOf = (files: Parameters<typeof zipSync>[0]) => Buffer.from(zipSync(files));
const text = strToU8('text');
const unixMode = (mode: number) => ({ os: 3, attrs: mode * 2 ** 16 });

/** Everything below the folder in which an archive may write, seen from one level above. */
const everything = (path: string) => readdirSync(path, { recursive: true }).map(String).sort();

test('expected files are unpacked with their content', async () => {
  using folder = temporaryDirectory();
  const into = join(folder.path, 'run');
  const zip = zipOf({
    'model.onnx': text,
    'run-record.json': [strToU8('{}'), { level: 0 }],
    logs: { 'train.log': text },
  });
  expect(await extractArchive(zip, into, allowed)).toEqual(['logs/train.log', 'model.onnx', 'run-record.json']);
  expect(readFileSync(join(into, 'logs', 'train.log'), 'utf8')).toBe('text');
  expect(readFileSync(join(into, 'run-record.json'), 'utf8')).toBe('{}');
});

const hostile: [string, Parameters<typeof zipSync>[0]][] = [
  ['climbs out', { '../escaped': text }],
  ['climbs out below an allowed folder', { 'logs/../../escaped': text }],
  ['is absolute', { '/tmp/escaped': text }],
  ['has backslashes', { 'logs\\..\\escaped': text }],
  ['has a control character in a name', { 'logs/a\nb': text }],
  ['has a dot as a folder', { 'logs/./a': text }],
  ['holds a file nobody expects', { 'model.onnx': text, 'evil.sh': text }],
  ['holds a symbolic link', { 'model.onnx': [strToU8('/etc/passwd'), unixMode(0o120777)] }],
  ['holds a device', { 'model.onnx': [text, unixMode(0o060666)] }],
  ['has two names that differ in case only', { 'logs/a': text, 'logs/A': text }],
];
test.each(hostile)('an archive that %s is refused and writes nothing', async (_, files) => {
  using folder = temporaryDirectory();
  const refusal = extractArchive(zipOf(files), join(folder.path, 'run'), allowed);
  await expect(refusal).rejects.toMatchObject({ code: 'artifact-refused' });
  expect(everything(folder.path)).toEqual([]);
});

test('two entries of one name are refused', async () => {
  using folder = temporaryDirectory();
  const zip = zipOf({ 'logs/a': text, 'logs/b': text });
  const twice = Buffer.from(zip.toString('latin1').replaceAll('logs/b', 'logs/a'), 'latin1');
  await expect(extractArchive(twice, join(folder.path, 'run'), allowed)).rejects.toThrow(/two files of the same name/);
});

test.each([
  ['too many entries', { entries: 1 }, /too many entries/],
  ['too large', { size: 5000 }, /too large when unpacked/],
  ['a bomb', { ratio: 10 }, /too many times its size/],
])('%s: refused before anything is unpacked', async (_, limits, message) => {
  using folder = temporaryDirectory();
  const zip = zipOf({ 'logs/zeros': new Uint8Array(10_000), 'model.onnx': text });
  const all = { entries: 100, size: 2 ** 20, ratio: 1000, ...limits };
  await expect(extractArchive(zip, join(folder.path, 'run'), allowed, all)).rejects.toThrow(message);
  expect(everything(folder.path)).toEqual([]);
});

test('an entry that says it is small and is not stops at what it said', async () => {
  using folder = temporaryDirectory();
  const zip = zipOf({ 'model.onnx': new Uint8Array(1_000_000) });
  const central = zip.indexOf(Buffer.from('504b0102', 'hex'));
  zip.writeUInt32LE(100, central + 24);
  await expect(extractArchive(zip, join(folder.path, 'run'), allowed)).rejects.toThrow(/cannot be unpacked/);
});

test('content that is not what its checksum says is refused', async () => {
  using folder = temporaryDirectory();
  const zip = zipOf({ 'model.onnx': [strToU8('model bytes'), { level: 0 }] });
  const at = zip.indexOf('model bytes');
  zip[at] = 0x4d;
  await expect(extractArchive(zip, join(folder.path, 'run'), allowed)).rejects.toThrow(/not what the archive says/);
});

test('a folder that is there already is not written into', async () => {
  using folder = temporaryDirectory();
  mkdirSync(join(folder.path, 'run'));
  await expect(extractArchive(zipOf({ 'model.onnx': text }), join(folder.path, 'run'), allowed)).rejects.toThrow(
    /exists already/,
  );
  expect(existsSync(join(folder.path, 'run', 'model.onnx'))).toBe(false);
});

test('bytes that are cut or changed anywhere are unpacked whole or refused', async () => {
  using folder = temporaryDirectory();
  const zip = zipOf({ 'model.onnx': strToU8('model '.repeat(50)), logs: { a: text } });
  let run = 0;
  const damage = fc.record({ at: fc.nat(zip.length - 1), byte: fc.integer({ min: 0, max: 255 }), cut: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(damage, async ({ at, byte, cut }) => {
      const damaged = Buffer.from(cut ? zip.subarray(0, at) : zip);
      if (!cut) damaged[at] = byte;
      const into = join(folder.path, String(run++));
      try {
        const files = await extractArchive(damaged, into, allowed);
        for (const file of files)
          if (file === 'model.onnx') expect(readFileSync(join(into, file), 'utf8')).toBe('model '.repeat(50));
      } catch (fault) {
        expect(fault).toBeInstanceOf(PulltrainError);
      }
    }),
    { numRuns: 200 },
  );
});
