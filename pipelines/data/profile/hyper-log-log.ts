import { PulltrainError } from '../../errors.ts';

/** Bits of a hash that choose the register; the rest is counted for leading zeros. */
export const indexBits = 12;
export const registerCount = 2 ** indexBits;
const valueBits = 64 - indexBits;
/** Standard error of an estimate: 1.04 / sqrt(registers). */
export const distinctError = 1.04 / Math.sqrt(registerCount);

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Registers as text, from the least rest (the lower 52 bits of a hash) that each of them saw. */
export function registersOf(least: Iterable<{ index: number; rest: number }>): string {
  const registers = new Uint8Array(registerCount);
  for (const { index, rest } of least) {
    registers[index] = Math.max(registers[index] ?? 0, leadingZeros(rest) + 1);
  }
  return Array.from(registers, (value) => letters[value] ?? 'A').join('');
}

/** Of a number of `valueBits` bits. */
function leadingZeros(rest: number): number {
  const high = Math.floor(rest / 2 ** 32);
  return high > 0 ? Math.clz32(high) - (64 - valueBits) : valueBits - 32 + Math.clz32(rest % 2 ** 32);
}

/** What the registers of all parts together would hold: exactly what one pass over the whole finds. */
export function mergeRegisters(left: string, right: string): string {
  if (left.length !== right.length) throw new PulltrainError('profile-invalid', { what: 'registers of two sizes' });
  let merged = '';
  for (let at = 0; at < left.length; at += 1) {
    const [one = 'A', other = 'A'] = [left[at], right[at]];
    merged += letters.indexOf(one) >= letters.indexOf(other) ? one : other;
  }
  return merged;
}

/**
 * Estimated number of distinct values. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017),
 * algorithm 6: without tables of corrections, from none to 2^64.
 */
export function estimateDistinct(registers: string): number {
  const m = registers.length;
  const counts = new Array<number>(valueBits + 2).fill(0);
  for (const letter of registers) {
    const value = letters.indexOf(letter);
    counts[value] = (counts[value] ?? 0) + 1;
  }
  let z = m * tau(1 - (counts[valueBits + 1] ?? 0) / m);
  for (let value = valueBits; value >= 1; value -= 1) z = (z + (counts[value] ?? 0)) / 2;
  z += m * sigma((counts[0] ?? 0) / m);
  return (m * m) / (2 * Math.LN2 * z);
}

function sigma(start: number): number {
  if (start === 1) return Number.POSITIVE_INFINITY;
  let x = start;
  let y = 1;
  let z = x;
  for (let before = Number.NaN; before !== z; ) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}

function tau(start: number): number {
  if (start === 0 || start === 1) return 0;
  let x = start;
  let y = 1;
  let z = 1 - x;
  for (let before = Number.NaN; before !== z; ) {
    x = Math.sqrt(x);
    before = z;
    y /= 2;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}
