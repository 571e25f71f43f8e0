import { LANES, type LaneStatistic } from './resample-units.ts';

/** A function of the weighted sums of several features of the rows, e.g. of squared errors; the last sum is that of the weights. */
export function laneSums(
  features: readonly Float64Array[],
  unitOf: Uint32Array,
  units: number,
  of: (sums: readonly number[]) => number,
): LaneStatistic {
  const ones = new Float64Array(unitOf.length).fill(1);
  const perUnit = [...features, ones].map((feature) => sumByUnit(feature, unitOf, units));
  return (weights, out) => {
    const sums = perUnit.map((feature) => laneDots(feature, weights));
    for (let lane = 0; lane < LANES; lane += 1) out[lane] = of(sums.map((sum) => sum[lane] ?? Number.NaN));
  };
}

function sumByUnit(feature: Float64Array, unitOf: Uint32Array, units: number): Float64Array {
  const sums = new Float64Array(units);
  for (let row = 0; row < feature.length; row += 1) {
    const unit = unitOf[row] ?? 0;
    sums[unit] = (sums[unit] ?? 0) + (feature[row] ?? 0);
  }
  return sums;
}

/** Weighted sum over the units, for four resamples. */
function laneDots(values: Float64Array, weights: Uint8Array): [number, number, number, number] {
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  for (let unit = 0; unit < values.length; unit += 1) {
    const value = values[unit] ?? 0;
    const at = LANES * unit;
    sum0 += (weights[at] ?? 0) * value;
    sum1 += (weights[at + 1] ?? 0) * value;
    sum2 += (weights[at + 2] ?? 0) * value;
    sum3 += (weights[at + 3] ?? 0) * value;
  }
  return [sum0, sum1, sum2, sum3];
}
