import type { Gate } from '../config/gate-schema.ts';
import type { Evaluation } from '../contracts/evaluation.ts';
import type { Perturbation } from '../contracts/robustness.ts';
import { judgeLimit } from './judge-limit.ts';
import { type Judged, unmeasured } from './judged.ts';

export type RobustnessGate = Extract<Gate, { robustness: string }>;

/**
 * What the answers do when one input is not what it should be: the worst input speaks. A model that fails to answer breaks
 * a limit on how far its answers may move, too.
 */
export function judgeRobustness(gate: RobustnessGate, { robustness }: Pick<Evaluation, 'robustness'>): Judged {
  const [key, limit] = limitOf(gate);
  if (robustness === undefined) return unmeasured('error', 'robustness was not measured', limit);
  const own = robustness.perturbations.filter(({ kind }) => gate.robustness === 'any' || kind === gate.robustness);
  if (own.length === 0) {
    const message = `no input could be disturbed so: ${robustness.skipped[0]?.why ?? 'there is none of that kind'}`;
    return unmeasured('inconclusive', message, limit);
  }
  const failed = own.filter(({ failure }) => failure !== null);
  const [first] = failed;
  const told = first === undefined ? '' : `: ${first.column} as ${first.value}, ${first.failure?.message}`;
  const n = robustness.rows;
  if (key === 'max_failures') {
    const judged = judgeLimit({ name: 'failures', value: failed.length, interval: null, n }, { max: limit });
    return { ...judged, message: `${failed.length} of ${own.length} disturbed inputs fail, allowed ${limit}${told}` };
  }
  if (first !== undefined) {
    return { ...unmeasured('fail', `${failed.length} of ${own.length} disturbed inputs fail${told}`, limit), n };
  }
  return judgeMoves(own, key, limit, { n, metric: robustness.metric.name });
}

function judgeMoves(
  own: readonly Perturbation[],
  key: 'max_changed' | 'max_drop',
  limit: number,
  { n, metric }: { n: number; metric: string },
): Judged {
  const worst = own.reduce<{ column: string; value: string; size: number } | null>((most, one) => {
    const size = key === 'max_changed' ? one.changedDecisions : one.worse;
    return size !== null && (most === null || size > most.size) ? { ...one, size } : most;
  }, null);
  const name = key === 'max_changed' ? 'share of changed decisions' : `loss of ${metric}`;
  if (worst === null) return unmeasured('inconclusive', `${name} is undefined for this task`, limit);
  const judged = judgeLimit({ name, value: worst.size, interval: null, n }, { max: limit });
  return { ...judged, message: `${judged.message}; with ${worst.column} as ${worst.value}` };
}

function limitOf(gate: RobustnessGate): ['max_failures' | 'max_changed' | 'max_drop', number] {
  if ('max_failures' in gate) return ['max_failures', gate.max_failures];
  return 'max_changed' in gate ? ['max_changed', gate.max_changed] : ['max_drop', gate.max_drop];
}
