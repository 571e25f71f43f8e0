import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { chunkSizes, findCut } from '../../../../pipelines/data/store/find-cut.ts';

/** Bytes that look random and are the same at every run. */
function noise(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

function cut(bytes: Uint8Array): string[] {
  const names: string[] = [];
  for (let from = 0; from < bytes.length; ) {
    const length = findCut(bytes, from);
    names.push(
      createHash('sha256')
        .update(bytes.subarray(from, from + length))
        .digest('hex'),
    );
    from += length;
  }
  return names;
}

describe('cutting a file into chunks', () => {
  const bytes = noise(12 * 2 ** 20, 7);

  it('keeps within the sizes, and near the normal one on average', () => {
    const lengths: number[] = [];
    for (let from = 0; from < bytes.length; from += lengths.at(-1) ?? 0) lengths.push(findCut(bytes, from));
    for (const length of lengths.slice(0, -1)) {
      expect(length).toBeGreaterThanOrEqual(chunkSizes.min);
      expect(length).toBeLessThanOrEqual(chunkSizes.max);
    }
    const mean = bytes.length / lengths.length;
    expect(mean).toBeGreaterThan(chunkSizes.normal * 0.8);
    expect(mean).toBeLessThan(chunkSizes.normal * 1.6);
  });

  it('finds the same chunks again after bytes were put in, taken out or changed', () => {
    const before = new Set(cut(bytes));
    const at = 5_000_000;
    const changes = {
      inserted: Buffer.concat([bytes.subarray(0, at), Buffer.from('some bytes'), bytes.subarray(at)]),
      removed: Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1000)]),
      appended: Buffer.concat([bytes, noise(1000, 3)]),
    };
    for (const [kind, changed] of Object.entries(changes)) {
      const fresh = cut(changed).filter((name) => !before.has(name));
      expect(fresh.length, kind).toBeLessThanOrEqual(4);
    }
  });

  it('cuts as it always did: another table would store every file anew', () => {
    expect(createHash('sha256').update(cut(bytes).join()).digest('hex')).toMatchInlineSnapshot(
      `"98a5ca1ee9a10b34a5a815b50557a3c5f0217d32992ed6d1ebbbd074c06f8165"`,
    );
  });

  it('cuts what never changes at the largest size, and takes a short rest whole', () => {
    expect(findCut(new Uint8Array(3 * 2 ** 20), 0)).toBe(chunkSizes.max);
    expect(findCut(bytes.subarray(0, 1000), 0)).toBe(1000);
  });
});
