import { LANES, type LaneStatistic } from './resample-units.ts';

/** `second - first`, both on the same weights. */
export function laneDifference(first: LaneStatistic, second: LaneStatistic): LaneStatistic {
  const before = new Float64Array(LANES);
  return (weights, out) => {
    first(weights, before);
    second(weights, out);
    for (let lane = 0; lane < LANES; lane += 1) out[lane] = (out[lane] ?? 0) - (before[lane] ?? 0);
  };
}
