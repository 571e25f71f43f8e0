import type { Observation, ScoreHistogram, VariantObservation } from '../../../pipelines/contracts/observation.ts';

const edges = Array.from({ length: 19 }, (_, index) => (index + 1) / 20);

/** Histogram of requests, each a list of scores; null is a row without a score. */
export function histogram(requests: readonly (readonly (number | null)[])[]): ScoreHistogram {
  const empty = () => Array.from({ length: 20 }, () => 0);
  const sums = { counts: empty(), countsSquared: empty(), countsTimesRows: empty() };
  let [missing, rowsSquared] = [0, 0];
  for (const request of requests) {
    const scores = request.filter((score) => score !== null);
    missing += request.length - scores.length;
    rowsSquared += scores.length ** 2;
    for (let bin = 0; bin < 20; bin += 1) {
      const count = scores.filter((score) => Math.min(19, Math.floor(score * 20)) === bin).length;
      sums.counts[bin] = (sums.counts[bin] ?? 0) + count;
      sums.countsSquared[bin] = (sums.countsSquared[bin] ?? 0) + count ** 2;
      sums.countsTimesRows[bin] = (sums.countsTimesRows[bin] ?? 0) + count * scores.length;
    }
  }
  return { edges, ...sums, missing, requests: requests.length, rowsSquared };
}

export type Seen = {
  requests: readonly (readonly (number | null)[])[];
  errors?: number;
  /** Milliseconds of each answered request; 2 ms when left out. */
  latencies?: readonly number[];
};

export function variantOf(variant: VariantObservation['variant'], seen: Seen): VariantObservation {
  const { requests, errors = 0, latencies = requests.map(() => 2) } = seen;
  const sorted = [...latencies].sort((a, b) => a - b);
  const percentile = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? null;
  const latencyEdges = [1, 5, 10, 20, 50, 100];
  return {
    variant,
    release: variant === 'stable' ? '1.0.0' : '1.1.0',
    sha256: (variant === 'stable' ? 'a' : 'b').repeat(64),
    requests: requests.length + errors,
    rows: requests.reduce((sum, rows) => sum + rows.length, 0),
    errors,
    latencyP50Ms: percentile(0.5),
    latencyP95Ms: percentile(0.95),
    latency: {
      edges: latencyEdges,
      counts: [0, ...latencyEdges].map(
        (low, bin) =>
          latencies.filter((ms) => ms > low && ms <= (latencyEdges[bin] ?? Number.POSITIVE_INFINITY)).length,
      ),
    },
    scores: histogram(requests),
  };
}

export function observationOf(
  variants: readonly VariantObservation[],
  pairs: Observation['pairs'] = null,
): Observation {
  return {
    kind: 'observation',
    version: 1,
    model: 'flight-delay',
    rollout: 'rollout-1',
    step: 'canary 25 %',
    since: '2026-01-01T00:00:00.000Z',
    until: '2026-01-01T00:10:00.000Z',
    variants: [...variants],
    pairs,
  };
}

/** `count` requests of `rows` rows whose scores spread evenly over [low, high). */
export function spread(count: number, rows: number, low = 0.1, high = 0.6): number[][] {
  return Array.from({ length: count }, (_, request) =>
    Array.from({ length: rows }, (_, row) => low + ((high - low) * ((row * 7 + request * 3) % rows)) / rows),
  );
}
