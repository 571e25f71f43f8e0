import type { Observation, VariantName, VariantObservation } from '../../pipelines/contracts/observation.ts';
import { collectLatency } from './collect-latency.ts';
import { collectScores } from './collect-scores.ts';

export type ObservedVersion = { release: string; sha256: string };

export type TrafficObserver = {
  answered(variant: VariantName, scores: Float64Array, milliseconds: number): void;
  failed(variant: VariantName): void;
  /** The same rows scored by stable and by the shadow. */
  paired(stable: Float64Array, shadow: Float64Array): void;
  read(): Pick<Observation, 'variants' | 'pairs'>;
};

/** Sums up what every variant did; one observer lives from one change of traffic to the next. */
export function observeTraffic(
  versions: Partial<Record<VariantName, ObservedVersion>>,
  edges: readonly number[],
): TrafficObserver {
  const stable = observeVariant('stable', versions.stable, edges);
  const candidate = observeVariant('candidate', versions.candidate, edges);
  const shadow = observeVariant('shadow', versions.shadow, edges);
  const all = { stable, candidate, shadow };
  const pairs = { rows: 0, sum: 0, largest: 0, stableScores: collectScores(edges) };
  return {
    answered: (variant, scores, milliseconds) => all[variant].answered(scores, milliseconds),
    failed: (variant) => all[variant].failed(),
    paired(left, right) {
      pairs.stableScores.add(left);
      for (const [row, score] of left.entries()) {
        const difference = Math.abs(score - (right[row] ?? Number.NaN));
        if (!Number.isFinite(difference)) continue;
        pairs.rows += 1;
        pairs.sum += difference;
        pairs.largest = Math.max(pairs.largest, difference);
      }
    },
    read: () => ({
      variants: [stable, candidate, shadow].map((variant) => variant.read()).filter((variant) => variant !== null),
      pairs:
        versions.shadow === undefined
          ? null
          : {
              rows: pairs.rows,
              meanAbsoluteDifference: pairs.rows === 0 ? null : pairs.sum / pairs.rows,
              maxAbsoluteDifference: pairs.rows === 0 ? null : pairs.largest,
              stableScores: pairs.stableScores.read(),
            },
    }),
  };
}

function observeVariant(variant: VariantName, version: ObservedVersion | undefined, edges: readonly number[]) {
  const latency = collectLatency();
  const scores = collectScores(edges);
  let [requests, rows, errors] = [0, 0, 0];
  return {
    answered(given: Float64Array, milliseconds: number) {
      requests += 1;
      rows += given.length;
      scores.add(given);
      latency.add(milliseconds);
    },
    failed() {
      requests += 1;
      errors += 1;
    },
    read(): VariantObservation | null {
      if (version === undefined) return null;
      return {
        variant,
        ...version,
        requests,
        rows,
        errors,
        latencyP50Ms: latency.percentile(0.5),
        latencyP95Ms: latency.percentile(0.95),
        latency: latency.read(),
        scores: scores.read(),
      };
    },
  };
}
