import { LANES, type LaneStatistic } from './resample-units.ts';
import { sortOrder } from './sort-order.ts';

/** The weighted median or the largest of some values. Nothing drawn: NaN. */
export function laneOrderStatistic(
  which: 'median' | 'largest',
  values: Float64Array,
  unitOf: Uint32Array,
): LaneStatistic {
  const order = sortOrder(values);
  const ascending = values.toSorted();
  const places = Uint32Array.from(order, (row) => (unitOf[row] ?? 0) * LANES);
  const weightAt = (weights: Uint8Array, at: number, lane: number) => weights[(places[at] ?? 0) + lane] ?? 0;
  return (weights, out) => {
    for (let lane = 0; lane < LANES; lane += 1) out[lane] = (which === 'median' ? median : largest)(weights, lane);
  };

  function median(weights: Uint8Array, lane: number): number {
    let total = 0;
    for (let at = 0; at < places.length; at += 1) total += weightAt(weights, at, lane);
    return (nth((total - 1) >> 1, weights, lane) + nth(total >> 1, weights, lane)) / 2;
  }

  function largest(weights: Uint8Array, lane: number): number {
    let at = places.length - 1;
    while (at >= 0 && weightAt(weights, at, lane) === 0) at -= 1;
    return ascending[at] ?? Number.NaN;
  }

  /** The n-th smallest of the drawn values, counted from 0. */
  function nth(n: number, weights: Uint8Array, lane: number): number {
    let below = 0;
    for (let at = 0; at < places.length; at += 1) {
      below += weightAt(weights, at, lane);
      if (below > n) return ascending[at] ?? Number.NaN;
    }
    return Number.NaN;
  }
}
