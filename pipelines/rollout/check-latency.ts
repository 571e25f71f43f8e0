import type { VariantObservation } from '../contracts/observation.ts';
import type { RolloutCheck } from '../contracts/rollout-step.ts';
import { binomialTail } from './binomial-tail.ts';
import { fewestRequests } from './fewest-requests.ts';

/** Differences below this are the machine's, not the model's. A shadow works while answers go out, and nobody waits for it. */
const slackMs = { stable: 10, candidate: 10, shadow: 50 };
/** A step is stopped for latency when chance alone would show as many slow requests this rarely. */
const significance = 0.01;

/**
 * The candidate's 95th percentile against `ratio` times that of stable at the same time. By definition at most 5 % of
 * requests may be slower than the limit; how many more there are than that is a binomial question, which a few
 * requests answer honestly and a percentile of a few requests does not.
 */
export function checkLatency(current: VariantObservation, stable: VariantObservation, ratio: number): RolloutCheck {
  const observed = current.latencyP95Ms;
  const reference = stable.latencyP95Ms;
  if (
    observed === null ||
    reference === null ||
    answered(current) < fewestRequests ||
    answered(stable) < fewestRequests
  ) {
    return {
      name: 'latency',
      status: 'inconclusive',
      observed,
      limit: null,
      message: `too few requests to compare latency (${answered(current)} and ${answered(stable)}, ${fewestRequests} needed)`,
    };
  }
  const limit = Math.max(reference * ratio, reference + slackMs[current.variant]);
  const slow = slowerThan(current, limit);
  const chance = binomialTail(slow, answered(current), 0.05);
  return {
    name: 'latency',
    status: chance < significance ? 'fail' : 'pass',
    observed,
    limit,
    message: `p95 ${observed.toFixed(1)} ms, stable ${reference.toFixed(1)} ms, ${slow} of ${answered(current)} requests over ${limit.toFixed(1)} ms`,
  };
}

function answered(variant: VariantObservation): number {
  return variant.latency.counts.reduce((sum, count) => sum + count, 0);
}

/** Requests in bins that lie above the limit as a whole. */
function slowerThan({ latency }: VariantObservation, limit: number): number {
  return latency.counts.reduce((sum, count, bin) => ((latency.edges[bin - 1] ?? 0) >= limit ? sum + count : sum), 0);
}
