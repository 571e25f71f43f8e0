import { LANES, type LaneStatistic } from './resample-units.ts';

/** A function of how many rows each cell has. `cellOf` says the cell of a row, `unitOf` its unit. */
export function laneCounts(
  cellOf: Uint32Array,
  cells: number,
  unitOf: Uint32Array,
  of: (counts: Float64Array) => number,
): LaneStatistic {
  const counts = Array.from({ length: LANES }, () => new Float64Array(cells));
  return (weights, out) => {
    counts.forEach((lane, at) => {
      lane.fill(0);
      for (let row = 0; row < cellOf.length; row += 1) {
        const cell = cellOf[row] ?? 0;
        lane[cell] = (lane[cell] ?? 0) + (weights[(unitOf[row] ?? 0) * LANES + at] ?? 0);
      }
      out[at] = of(lane);
    });
  };
}
