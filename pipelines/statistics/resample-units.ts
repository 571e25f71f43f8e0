import { fillWords, seedState } from './seeded-random.ts';

/** Resamples that are worked on together: how often unit u was drawn in resample l of four is `weights[4 * u + l]`. */
export const LANES = 4;

/** A statistic of weighted units for four resamples at once, written to `out[0..3]`. It must not keep either array. */
export type LaneStatistic = (weights: Uint8Array, out: Float64Array) => void;

/**
 * Bootstrap over units (rows, queries, or rows that belong together) for statistics that no smaller summary carries. Each
 * resample has its own stream of the seed and all statistics see the same one, so that the answer depends on nothing but
 * the seed; `resamples` is rounded up to a multiple of four. Returns the replicates of each statistic.
 */
export function resampleUnits(
  units: number,
  statistics: readonly LaneStatistic[],
  { resamples, seed }: { resamples: number; seed: number },
): Float64Array[] {
  const blocks = Math.ceil(resamples / LANES);
  return overBlocks(units, statistics, blocks, (weights, block) => {
    weights.fill(0);
    for (let lane = 0; lane < LANES; lane += 1) drawUnits(weights, lane, seedState(seed, block * LANES + lane));
  });
}

/** Groups of a jackknife over many units; with fewer units each is one. */
const MOST_GROUPS = 200;

/**
 * Jackknife over groups of units: each replicate leaves out one of up to 200 groups, every 200th unit from the first, from
 * the second and so on. Units must stand in an order that means nothing, or one that does not depend on how rows came.
 */
export function jackknifeUnits(units: number, statistics: readonly LaneStatistic[]): Float64Array[] {
  const groups = Math.min(MOST_GROUPS, units);
  const found = overBlocks(units, statistics, Math.ceil(groups / LANES), (weights, block) => {
    weights.fill(1);
    for (let lane = 0; lane < LANES; lane += 1) {
      for (let unit = block * LANES + lane; unit < units; unit += groups) weights[unit * LANES + lane] = 0;
    }
  });
  return found.map((replicates) => replicates.subarray(0, groups));
}

/** The statistics of the units as they are. */
export function evaluateUnits(units: number, statistics: readonly LaneStatistic[]): number[] {
  const once = new Uint8Array(units * LANES).fill(1);
  const out = new Float64Array(LANES);
  return statistics.map((statistic) => {
    statistic(once, out);
    return out[0] ?? Number.NaN;
  });
}

function overBlocks(
  units: number,
  statistics: readonly LaneStatistic[],
  blocks: number,
  weigh: (weights: Uint8Array, block: number) => void,
): Float64Array[] {
  const weights = new Uint8Array(units * LANES);
  const out = new Float64Array(LANES);
  const replicates = statistics.map(() => new Float64Array(blocks * LANES));
  for (let block = 0; block < blocks; block += 1) {
    weigh(weights, block);
    for (let at = 0; at < statistics.length; at += 1) {
      statistics[at]?.(weights, out);
      replicates[at]?.set(out, block * LANES);
    }
  }
  return replicates;
}

const CHUNK = 4096;
const words = new Uint32Array(CHUNK);

/** As many draws as there are units, with equal chances; of 2^32 words a unit gets the same number but for one. */
function drawUnits(weights: Uint8Array, lane: number, state: Uint32Array): void {
  const units = weights.length / LANES;
  const scale = units / 4_294_967_296;
  for (let drawn = 0; drawn < units; drawn += CHUNK) {
    fillWords(state, words);
    const count = Math.min(CHUNK, units - drawn);
    for (let at = 0; at < count; at += 1) {
      const place = (((words[at] ?? 0) * scale) >>> 0) * LANES + lane;
      weights[place] = (weights[place] ?? 0) + 1;
    }
  }
}
