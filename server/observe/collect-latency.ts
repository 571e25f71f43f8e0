import type { LatencyHistogram } from '../../pipelines/contracts/observation.ts';
import { binOf } from './collect-scores.ts';

const ratio = 1.15;
/** 0.1 ms to just over a minute; a percentile read from it is off by 15 % at most. */
const edges: readonly number[] = Array.from({ length: 97 }, (_, index) => 0.1 * ratio ** index);

export type LatencyCollector = {
  add(milliseconds: number): void;
  read(): LatencyHistogram;
  /** Milliseconds below which this share of the requests lies; null without requests. */
  percentile(share: number): number | null;
};

/** Counts request times in bins that grow by a fixed ratio. */
export function collectLatency(): LatencyCollector {
  const counts = Array.from({ length: edges.length + 1 }, () => 0);
  let total = 0;
  return {
    add(milliseconds) {
      const bin = binOf(milliseconds, edges);
      counts[bin] = (counts[bin] ?? 0) + 1;
      total += 1;
    },
    read: () => ({ edges: [...edges], counts: [...counts] }),
    percentile(share) {
      if (total === 0) return null;
      const rank = share * total;
      let seen = 0;
      for (const [bin, count] of counts.entries()) {
        seen += count;
        if (count > 0 && seen >= rank) return within(bin, 1 - (seen - rank) / count);
      }
      return null;
    },
  };
}

/** The point of a bin below which this share of it lies, on the logarithmic scale of the bins. */
function within(bin: number, share: number): number {
  const high = edges[bin] ?? (edges.at(-1) ?? 0) * ratio;
  const low = edges[bin - 1] ?? high / ratio;
  return low * (high / low) ** share;
}
