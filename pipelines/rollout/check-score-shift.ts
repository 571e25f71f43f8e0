import type { Observation, VariantObservation } from '../contracts/observation.ts';
import type { RolloutCheck } from '../contracts/rollout-step.ts';
import { fewestRequests } from './fewest-requests.ts';
import { scoreShift } from './score-shift.ts';

/** How far over the limit, in multiples of what chance makes, the index must be before it stops a rollout. */
const certainty = 3;

/**
 * Scores of the candidate against those of stable at the same time, on the same rows where it is a shadow. The index
 * must lie over the limit by more than chance explains; between the two the answer is more data.
 */
export function checkScoreShift(
  current: VariantObservation,
  stable: VariantObservation,
  pairs: Observation['pairs'],
  limit: number,
): RolloutCheck {
  const paired = current.variant === 'shadow' && pairs !== null;
  const reference = paired ? pairs.stableScores : stable.scores;
  if (current.scores.requests < fewestRequests || reference.requests < fewestRequests) {
    return {
      name: 'score shift',
      status: 'inconclusive',
      observed: null,
      limit,
      message: `too few requests to compare scores (${current.scores.requests} and ${reference.requests}, ${fewestRequests} needed)`,
    };
  }
  const shift = scoreShift(reference, current.scores);
  // Pairs are the same rows: what differs is the model.
  const noise = paired ? 0 : shift.noise;
  const excess = Math.max(0, shift.psi - noise);
  const status = excess <= limit ? 'pass' : shift.psi - certainty * noise > limit ? 'fail' : 'inconclusive';
  return { name: 'score shift', status, observed: excess, limit, message: `score PSI ${excess.toFixed(3)}` };
}
