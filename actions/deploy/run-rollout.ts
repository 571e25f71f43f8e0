import type { ModelServerClient, TrafficRequest } from '../../adapters/model-server/open-model-server.ts';
import type { RolloutPlan, RolloutPosition } from '../../pipelines/contracts/rollout-plan.ts';
import type { RolloutStep } from '../../pipelines/contracts/rollout-step.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { decideStep } from '../../pipelines/rollout/decide-step.ts';

export type RolloutPorts = {
  server: ModelServerClient;
  pause(milliseconds: number): Promise<void>;
  /** Hears of every step that ends, and of a step whose reason to wait has changed. */
  onStep(step: RolloutStep): Promise<void>;
};

/** What every traffic of this rollout has in common. */
export type TrafficBase = Pick<TrafficRequest, 'log' | 'features' | 'scoreEdges'>;

/**
 * Walks a plan from its first step, or from the one where an earlier attempt stopped, and returns how every step ended.
 * The last one is an `advance` (the candidate is now stable) or a `rollback` (stable has all traffic again). Throws
 * `rollout-superseded` when another rollout took over; then nothing is touched.
 */
export async function runRollout(plan: RolloutPlan, base: TrafficBase, ports: RolloutPorts): Promise<RolloutStep[]> {
  const { server } = ports;
  const stable = plan.stable?.release ?? plan.candidate.release;
  const traffic = (step: RolloutPosition): TrafficRequest => ({
    ...base,
    stable,
    candidate: plan.candidate.release,
    weight: step.weight,
    shadow: step.shadow,
    rollout: plan.id,
    step: step.name,
  });
  const only = (release: string): TrafficRequest => ({
    ...base,
    stable: release,
    candidate: null,
    weight: 0,
    shadow: false,
    rollout: null,
    step: null,
  });

  const ended: RolloutStep[] = [];
  const finish = async (release: string) => {
    await server.setTraffic(only(release));
    return ended;
  };
  // Nothing to compare with and nothing to lose: the look at its answers has been taken.
  if (plan.stable === null || plan.steps.every(({ name }) => name === 'staging')) return finish(plan.candidate.release);
  try {
    for (const step of plan.steps.slice(await resumeAt(plan, server))) {
      await server.setTraffic(traffic(step));
      const result = await watchStep(plan, step, ports);
      ended.push(result);
      if (result.decision === 'rollback') return await finish(stable);
    }
  } catch (fault) {
    if (fault instanceof PulltrainError && fault.code === 'rollout-superseded') throw fault;
    await server.setTraffic(only(stable)).catch(() => undefined);
    throw fault;
  }
  return finish(plan.candidate.release);
}

/** Index of the step that the server is at, when it is in this very rollout. */
async function resumeAt(plan: RolloutPlan, server: ModelServerClient): Promise<number> {
  const traffic = (await server.state())?.traffic ?? null;
  if (traffic === null || traffic.rollout !== plan.id) return 0;
  return Math.max(
    0,
    plan.steps.findIndex(({ name }) => name === traffic.step),
  );
}

async function watchStep(plan: RolloutPlan, step: RolloutPosition, ports: RolloutPorts): Promise<RolloutStep> {
  let said = '';
  for (;;) {
    const observation = await ports.server.observe();
    if (observation.rollout !== plan.id || observation.step !== step.name) {
      throw new PulltrainError('rollout-superseded', {
        what: 'another rollout took over',
        where: `${plan.candidate.tag} at ${step.name}`,
        seen: observation.rollout ?? 'no rollout',
        allowed: plan.id,
      });
    }
    // The server's own clock: it knows how long the step has lasted, whoever asks.
    const elapsed = (Date.parse(observation.until) - Date.parse(observation.since)) / 1000;
    const result = decideStep(plan, step, observation, elapsed);
    const open = result.checks.filter(({ status }) => status !== 'pass').map(({ name }) => name);
    const reason = `${result.decision} ${open.join(', ')}`;
    if (reason !== said) await ports.onStep(result);
    said = reason;
    if (result.decision !== 'hold') return result;
    await ports.pause(Math.min(10_000, Math.max(40, plan.analysis.holdSeconds * 100)));
  }
}
