import { PulltrainError } from '../errors.ts';
import type { Random } from '../statistics/seeded-random.ts';
import { seededRandom } from '../statistics/seeded-random.ts';
import { solveSymmetric } from './solve-symmetric.ts';

/**
 * Which coalitions of `players` to ask for, and how their values make Shapley values: with g(S) = v(S) - v(nobody),
 * `shapley[j] = sum over c of map[j * count + c] * g(c) + whole[j] * g(everybody)`. The column sums of `map` are 0 and those of
 * `whole` 1, so the Shapley values add up to g(everybody) whatever the values are.
 */
export type CoalitionPlan = {
  method: 'exact' | 'kernel';
  players: number;
  count: number;
  /** 1 where player j is in coalition c, at `c * players + j`; neither nobody nor everybody is among them. */
  members: Uint8Array;
  map: Float64Array;
  whole: Float64Array;
};

const mostPlayers = 2000;

/** Coalitions that KernelSHAP usually asks for. */
export function usualCoalitions(players: number): number {
  return 2 * players + 2048;
}

/**
 * Every coalition when there are no more than `most` (Shapley 1953); otherwise KernelSHAP (Lundberg & Lee 2017): all
 * coalitions of the sizes that weigh most, a paired sample of the others, and weighted least squares
 * with one coefficient eliminated. At least 2 * players are asked for. Throws `too-many-features`.
 */
export function coalitionPlan(
  players: number,
  { most = usualCoalitions(players), seed }: { most?: number; seed: number },
): CoalitionPlan {
  if (players > mostPlayers) {
    throw new PulltrainError('too-many-features', {
      what: 'the model has too many inputs for SHAP values',
      seen: String(players),
      allowed: String(mostPlayers),
    });
  }
  if (players < 31 && 2 ** players - 2 <= most) return exactPlan(players);
  return kernelPlan(players, Math.max(most, 2 * players), seededRandom(seed));
}

function exactPlan(players: number): CoalitionPlan {
  const count = Math.max(0, 2 ** players - 2);
  const members = new Uint8Array(count * players);
  const map = new Float64Array(count * players);
  const share = shares(players);
  for (let coalition = 0; coalition < count; coalition += 1) {
    const bits = coalition + 1;
    const size = countBits(bits);
    for (let player = 0; player < players; player += 1) {
      const isIn = (bits >> player) & 1;
      members[coalition * players + player] = isIn;
      map[player * count + coalition] = isIn === 1 ? (share[size - 1] ?? 0) : -(share[size] ?? 0);
    }
  }
  return { method: 'exact', players, count, members, map, whole: new Float64Array(players).fill(1 / players) };
}

/** `s! (M - s - 1)! / M!` by size of coalition: the weight of a player who joins it. */
function shares(players: number): number[] {
  const share = [1 / players];
  for (let size = 1; size < players; size += 1) share.push(((share[size - 1] ?? 0) * size) / (players - size));
  return share;
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest > 0; rest &= rest - 1) count += 1;
  return count;
}

function kernelPlan(players: number, most: number, random: Random): CoalitionPlan {
  const { members, weights } = kernelCoalitions(players, most, random);
  const count = weights.length;
  // Player M - 1 is eliminated: shapley[M - 1] = g(everybody) - the others.
  const free = players - 1;
  const last = Uint8Array.from({ length: count }, (_, at) => members[at * players + free] ?? 0);
  const design = new Float64Array(count * free);
  const normal = new Float64Array(free * free);
  const weighted = new Float64Array(free * count);
  for (let at = 0; at < count; at += 1) {
    const weight = weights[at] ?? 0;
    const row = design.subarray(at * free, (at + 1) * free);
    for (let player = 0; player < free; player += 1) {
      row[player] = (members[at * players + player] ?? 0) - (last[at] ?? 0);
      weighted[player * count + at] = weight * (row[player] ?? 0);
    }
    addOuter(normal, row, weight);
  }
  const solved = solveSymmetric(normal, weighted, free);
  const map = new Float64Array(players * count);
  map.set(solved);
  const whole = new Float64Array(players);
  whole[free] = 1;
  for (let player = 0; player < free; player += 1) {
    for (let at = 0; at < count; at += 1) {
      const value = solved[player * count + at] ?? 0;
      map[free * count + at] = (map[free * count + at] ?? 0) - value;
      whole[player] = (whole[player] ?? 0) - value * (last[at] ?? 0);
    }
    whole[free] -= whole[player] ?? 0;
  }
  return { method: 'kernel', players, count, members, map, whole };
}

function addOuter(matrix: Float64Array, row: Float64Array, weight: number): void {
  const size = row.length;
  for (let left = 0; left < size; left += 1) {
    const factor = weight * (row[left] ?? 0);
    if (factor === 0) continue;
    for (let right = 0; right < size; right += 1) {
      matrix[left * size + right] = (matrix[left * size + right] ?? 0) + factor * (row[right] ?? 0);
    }
  }
}

/** Coalitions with the weights of the Shapley kernel, `(M - 1) / (C(M, s) s (M - s))`, up to a common factor. */
function kernelCoalitions(players: number, most: number, random: Random) {
  const half = Math.floor(players / 2);
  const sizes = Array.from({ length: half }, (_, at) => at + 1);
  /** Weight of all coalitions of a size and of its complement. */
  const mass = sizes.map((size) => (isMiddle(size, players) ? 1 : 2) / (size * (players - size)));
  const coalitions: Uint8Array[] = [];
  const weights: number[] = [];
  let left = most;
  let complete = 0;
  for (const size of sizes) {
    const subsets = choose(players, size) * (isMiddle(size, players) ? 1 : 2);
    const rest = mass.slice(complete).reduce((sum, value) => sum + value, 0);
    // All of a size, when a sample would draw each of them at least once. Single players always: they make the fit unique.
    if (size > 1 && (left * (mass[complete] ?? 0)) / rest < subsets) break;
    for (const chosen of subsetsOf(players, size)) {
      coalitions.push(...pairOf(players, chosen));
    }
    while (weights.length < coalitions.length) weights.push((mass[complete] ?? 0) / subsets);
    left = most - coalitions.length;
    complete += 1;
  }
  if (complete < half && left > 1) addSample(coalitions, weights, { players, left, sizes, mass, complete }, random);
  const members = new Uint8Array(coalitions.length * players);
  coalitions.forEach((coalition, at) => {
    members.set(coalition, at * players);
  });
  return { members, weights: Float64Array.from(weights) };
}

type Sampling = { players: number; left: number; sizes: number[]; mass: number[]; complete: number };

/** Draws pairs of a coalition and its complement; one that is drawn again weighs more. */
function addSample(
  coalitions: Uint8Array[],
  weights: number[],
  { players, left, sizes, mass, complete }: Sampling,
  random: Random,
): void {
  const open = sizes.slice(complete);
  const masses = mass.slice(complete);
  const total = masses.reduce((sum, value) => sum + value, 0);
  const places = new Map<string, number>();
  const draws = new Map<number, number>();
  let added = 0;
  // Large sizes run out of new coalitions, so attempts are bounded, too.
  for (let attempt = 0; attempt < 2 * left && added + 2 <= left; attempt += 1) {
    const chosen = drawSubset(players, drawSize(open, masses, total, random), random);
    const pair = pairOf(players, chosen);
    for (const coalition of pair.length === 2 ? pair : [...pair, complementOf(pair[0] ?? new Uint8Array())]) {
      const key = coalition.join('');
      let place = places.get(key);
      if (place === undefined) {
        place = coalitions.length;
        places.set(key, place);
        coalitions.push(coalition);
        weights.push(0);
        added += 1;
      }
      draws.set(place, (draws.get(place) ?? 0) + 1);
    }
  }
  const sum = [...draws.values()].reduce((all, value) => all + value, 0);
  for (const [place, times] of draws) weights[place] = (total * times) / sum;
}

function drawSize(sizes: readonly number[], masses: readonly number[], total: number, random: Random): number {
  let rest = random() * total;
  for (const [at, size] of sizes.entries()) {
    rest -= masses[at] ?? 0;
    if (rest < 0) return size;
  }
  return sizes.at(-1) ?? 1;
}

function drawSubset(players: number, size: number, random: Random): number[] {
  const order = Array.from({ length: players }, (_, at) => at);
  for (let at = 0; at < size; at += 1) {
    const other = at + Math.floor(random() * (players - at));
    [order[at], order[other]] = [order[other] ?? 0, order[at] ?? 0];
  }
  return order.slice(0, size);
}

/** The coalition and its complement; one alone when both have half of the players, whose complements come by themselves. */
function pairOf(players: number, chosen: readonly number[]): Uint8Array[] {
  const coalition = new Uint8Array(players);
  for (const player of chosen) coalition[player] = 1;
  return isMiddle(chosen.length, players) ? [coalition] : [coalition, complementOf(coalition)];
}

function complementOf(coalition: Uint8Array): Uint8Array {
  return coalition.map((isIn) => 1 - isIn);
}

function isMiddle(size: number, players: number): boolean {
  return 2 * size === players;
}

function choose(from: number, size: number): number {
  let count = 1;
  for (let at = 1; at <= size; at += 1) count = (count * (from - size + at)) / at;
  return count;
}

function* subsetsOf(players: number, size: number, start = 0): Generator<number[]> {
  if (size === 0) return yield [];
  for (let first = start; first <= players - size; first += 1) {
    for (const rest of subsetsOf(players, size - 1, first + 1)) yield [first, ...rest];
  }
}
