import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultLimits, extractZip } from '../../../../sandbox/runner/actions/download-artifact/extract-zip.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pulltrain-zip-'));
  mkdirSync(join(folder, 'into'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Entry = { name: string; content?: string; size?: number; mode?: number; flags?: number; crc?: number };

/** A zip written field by field, so that it can lie. */
function zipOf(entries: readonly Entry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content = 'x', size, mode = 0o100644, flags = 0, crc } of entries) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const title = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc ?? crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(size ?? bytes.length, 18);
    common.writeUInt16LE(title.length, 22);
    const file = Buffer.concat([Buffer.from('PK\x03\x04'), common, title, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), common, rest, title]));
    files.push(file);
    offset += file.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, ...directory, end]);
}

const extract = (zip: Buffer, limits = defaultLimits) => extractZip(zip, join(folder, 'into'), limits);

describe('an artifact', () => {
  it('comes out as it went in', () => {
    const files = { 'model.onnx': new Uint8Array([1, 2, 3]), 'logs/train.log': Buffer.from('line\n'.repeat(1000)) };
    expect(extract(Buffer.from(zipSync(files))).toSorted()).toEqual(['logs/train.log', 'model.onnx']);
    expect([...readFileSync(join(folder, 'into/model.onnx'))]).toEqual([1, 2, 3]);
    expect(readFileSync(join(folder, 'into/logs/train.log'), 'utf8')).toBe('line\n'.repeat(1000));
  });

  it.each<[string, Entry[]]>([
    ['a name with ..', [{ name: '../out.txt' }]],
    ['a .. further in', [{ name: 'a/../../out.txt' }]],
    ['an absolute name', [{ name: '/tmp/out.txt' }]],
    ['a Windows name', [{ name: 'C:\\out.txt' }]],
    ['a link', [{ name: 'link', content: '/etc/passwd', mode: 0o120777 }]],
    ['a device', [{ name: 'null', mode: 0o020666 }]],
    ['a name twice', [{ name: 'a' }, { name: 'a' }]],
    ['names that differ in case', [{ name: 'model.onnx' }, { name: 'MODEL.onnx' }]],
    ['a file that is a folder too', [{ name: 'a' }, { name: 'a/b' }]],
    ['an encrypted entry', [{ name: 'a', flags: 1 }]],
    ['a wrong sum', [{ name: 'a', crc: 1 }]],
    ['more bytes than it says', [{ name: 'a', content: 'x'.repeat(10_000), size: 10 }]],
    ['fewer bytes than it says', [{ name: 'a', content: 'x', size: 10 }]],
    ['a bomb', [{ name: 'a', content: '\0'.repeat(5_000_000) }]],
  ])('is refused with %s, and nothing is written outside', (_what, entries) => {
    expect(() => extract(zipOf(entries))).toThrow(/not unpacked/);
    expect(readdirSync(folder)).toEqual(['into']);
    expect(existsSync('/tmp/out.txt')).toBe(false);
  });

  it('is refused when it is too large or has too many files', () => {
    const zip = zipOf([
      { name: 'a', content: 'abc' },
      { name: 'b', content: 'def' },
    ]);
    expect(() => extract(zip, { ...defaultLimits, maxBytes: 5 })).toThrow(/more than 5 bytes/);
    expect(() => extract(zip, { ...defaultLimits, maxEntries: 1 })).toThrow(/2 entries, more than 1/);
    expect(readdirSync(join(folder, 'into'))).toEqual([]);
  });

  it('does not follow a link that lies in its way', () => {
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'into/model.onnx'));
    expect(() => extract(zipOf([{ name: 'model.onnx' }]))).toThrow();
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
  });

  it('is refused with a fault of its own when it is cut or damaged anywhere', () => {
    const whole = zipOf([
      { name: 'a', content: 'hello' },
      { name: 'b/c', content: 'world' },
    ]);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (position, change) => {
        const target = mkdtempSync(join(folder, 'into/'));
        const damaged = Buffer.from(whole);
        damaged.writeUInt8((damaged.readUInt8(position) + change) % 256, position);
        for (const zip of [damaged, whole.subarray(0, position)]) {
          try {
            extractZip(zip, mkdtempSync(join(target, 'x')));
          } catch (fault) {
            expect(fault).toMatchObject({ code: expect.stringMatching(/^zip-(invalid|hostile)$/) });
          }
        }
      }),
      { numRuns: 60 },
    );
    expect(readdirSync(folder)).toEqual(['into']);
  });
});
