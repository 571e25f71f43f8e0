import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { findObject, makeObjectTable } from '../../../../pipelines/data/store/object-table.ts';
import {
  openPackIndex,
  type PackRecord,
  readPackHead,
  readRecords,
} from '../../../../pipelines/data/store/pack-index.ts';

const digest = (text: string) => createHash('sha512').update(text).digest();
const record = (text: string, offset: number, kind: 'bytes' | 'chunks' = 'bytes') => ({
  digest: digest(text),
  kind,
  offset,
  length: text.length,
});

function encodePackIndex(records: readonly PackRecord[], packSize: number): Uint8Array {
  const index = openPackIndex();
  for (const one of records) index.add(one);
  return index.encode(packSize);
}

describe('finding objects in packs', () => {
  const packs = Array.from({ length: 7 }, (_, pack) =>
    encodePackIndex(
      Array.from({ length: 300 }, (_, index) => record(`${pack}/${index}`, index * 10)),
      3000,
    ),
  );
  const table = makeObjectTable(packs, []);

  it('finds each where it lies, and nothing that is not there', () => {
    for (let pack = 0; pack < 7; pack += 1) {
      for (let index = 0; index < 300; index += 1) {
        const found = findObject(table, digest(`${pack}/${index}`));
        expect([found?.pack, found?.offset, found?.length]).toEqual([pack, index * 10, `${pack}/${index}`.length]);
      }
    }
    expect(findObject(table, digest('elsewhere'))).toBeNull();
    expect(findObject(makeObjectTable([], []), digest('anything'))).toBeNull();
  });

  it('reads back what an index was made of, past 4 GiB too', () => {
    const records = [record('list', 0, 'chunks'), record('far', 5 * 2 ** 32)];
    const bytes = encodePackIndex(records, 6 * 2 ** 32);
    expect(readPackHead(bytes, 'x')).toEqual({ count: 2, packSize: 6 * 2 ** 32 });
    expect(readRecords(bytes, 'x').map(({ kind, offset }) => [kind, offset])).toEqual([
      ['chunks', 0],
      ['bytes', 5 * 2 ** 32],
    ]);
  });

  it.each([0, 10, 40, 111])('refuses an index that was cut off after %i bytes', (length) => {
    const bytes = encodePackIndex([record('a', 0)], 1);
    expect(() => readPackHead(bytes.subarray(0, length), 'x.idx')).toThrow('cut off');
  });
});
