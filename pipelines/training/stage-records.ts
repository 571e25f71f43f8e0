import type { Parameter, RunFailure, StageRecord } from '../contracts/run-record.ts';
import type { StageResult } from './pipeline-ports.ts';

/** The entries of a run record, from what became of the stages. `keys` names them where a run key was computed from git. */
export function stageRecords(
  results: readonly StageResult[],
  keys: ReadonlyMap<string, string> = new Map(),
): StageRecord[] {
  return results.map(({ stage, status, key, outcome, seconds, reason, inputs, outputs, startedAt, finishedAt }) => ({
    name: stage.name,
    command: stage.commands.join('\n'),
    key: keys.get(stage.name) ?? key,
    status,
    exitCode: outcome?.exitCode ?? null,
    seconds,
    ...(outcome?.peakMemoryBytes === null || outcome === null ? {} : { peakMemoryBytes: outcome.peakMemoryBytes }),
    ...(outcome?.log === undefined ? {} : { log: outcome.log }),
    ...(outcome?.attempt === undefined ? {} : { attempt: outcome.attempt }),
    ...(outcome?.progress === undefined ? {} : { progress: outcome.progress }),
    reason: reason.slice(0, 1000),
    ...(key === null ? {} : { contentKey: key }),
    ...(startedAt === null ? {} : { startedAt }),
    ...(finishedAt === null ? {} : { finishedAt }),
    inputs: inputs.map(({ path, fingerprint }) => ({ path, integrity: fingerprint })),
    outputs: outputs.map(({ path, fingerprint, size, files }) => ({ path, integrity: fingerprint, size, files })),
  }));
}

/** The first failure of a run, as its record tells it. */
export function firstFailure(results: readonly StageResult[]): RunFailure | null {
  const failed = results.find(({ failure }) => failure !== null);
  return failed?.failure == null ? null : { ...failed.failure, stage: failed.stage.name };
}

/** Those of the parameters that are seeds, by their names: `seed`, `random_seed`, `train.random_state`, ... */
export function seedsOf(parameters: Readonly<Record<string, Parameter>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) =>
      typeof value === 'number' && /(^|[._:-])((random|rng|np|torch)_?)?(seed|random_state)$/i.test(name)
        ? [[name, value]]
        : [],
    ),
  );
}
