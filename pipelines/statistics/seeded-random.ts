/** Uniform numbers in [0, 1) with 53 random bits. */
export type Random = () => number;

/**
 * Uniform numbers from a seed: the same seed gives the same numbers on every machine. Seeds are integers; only their low
 * 32 bits count.
 */
export function seededRandom(seed: number): Random {
  const state = seedState(seed);
  const words = new Uint32Array(64);
  let at = words.length;
  return () => {
    if (at === words.length) {
      fillWords(state, words);
      at = 0;
    }
    const high = words[at] ?? 0;
    const low = words[at + 1] ?? 0;
    at += 2;
    return ((high >>> 5) * 67_108_864 + (low >>> 6)) / 9_007_199_254_740_992;
  };
}

/**
 * The state of one of many generators with a common seed, by splitmix32: streams of different numbers share no word of
 * their states.
 */
export function seedState(seed: number, stream = 0): Uint32Array {
  let mixed = (seed + Math.imul(stream, 4 * 0x9e3779b9)) >>> 0;
  const state = new Uint32Array(4);
  for (let at = 0; at < 4; at += 1) {
    mixed = (mixed + 0x9e3779b9) >>> 0;
    let word = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    state[at] = word ^ (word >>> 16);
  }
  return state;
}

/** The next words of xoshiro128** (Blackman & Vigna 2018), many at once; the state moves on. */
export function fillWords(state: Uint32Array, words: Uint32Array): void {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (let at = 0; at < words.length; at += 1) {
    const scrambled = Math.imul(b, 5);
    words[at] = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
  }
  state.set([a, b, c, d]);
}
