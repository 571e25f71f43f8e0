/** Bytes of a digest that tell it from all others. */
const width = 32;

/** Digests (sha256 or sha512) that were met, in some 80 bytes each and without an object for any. */
export type DigestSet = {
  /** Notes a digest; false when it is known already. */
  add(digest: Uint8Array): boolean;
  has(digest: Uint8Array): boolean;
  clear(): void;
};

export function openDigestSet(): DigestSet {
  let slots = new Int32Array(1024);
  let digests = new Uint8Array((slots.length / 2) * width);
  let count = 0;

  /** The slot of a digest, or the free one where it belongs. Digests are as good as random: their first bytes are the hash. */
  function slotOf(digest: Uint8Array): number {
    const mask = slots.length - 1;
    let slot =
      ((digest[0] ?? 0) | ((digest[1] ?? 0) << 8) | ((digest[2] ?? 0) << 16) | ((digest[3] ?? 0) << 24)) & mask;
    for (let number = slots[slot] ?? 0; number !== 0; number = slots[slot] ?? 0) {
      if (isAt((number - 1) * width, digest)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  function isAt(at: number, digest: Uint8Array): boolean {
    for (let index = 0; index < width; index += 1) if (digests[at + index] !== digest[index]) return false;
    return true;
  }

  function grow(): void {
    const before = digests;
    digests = new Uint8Array(before.length * 2);
    digests.set(before);
    slots = new Int32Array(slots.length * 2);
    for (let index = 0; index < count; index += 1) {
      slots[slotOf(digests.subarray(index * width, (index + 1) * width))] = index + 1;
    }
  }

  return {
    add(digest) {
      const slot = slotOf(digest);
      if ((slots[slot] ?? 0) !== 0) return false;
      digests.set(digest.subarray(0, width), count * width);
      count += 1;
      slots[slot] = count;
      if (count * 2 === slots.length) grow();
      return true;
    },
    has: (digest) => (slots[slotOf(digest)] ?? 0) !== 0,
    clear() {
      slots = new Int32Array(1024);
      digests = new Uint8Array((slots.length / 2) * width);
      count = 0;
    },
  };
}
