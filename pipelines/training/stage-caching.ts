import type { StageRun } from '../contracts/stage-run.ts';
import type { PipelinePorts } from './pipeline-ports.ts';
import type { Stage } from './stage.ts';

/** Only what is the same whenever its inputs are: persistent outputs go on from what was there before. */
export function isCacheable(stage: Stage): boolean {
  const inputs = stage.deps.length + stage.external.length + stage.parameters.length;
  return inputs > 0 && stage.outs.length > 0 && stage.persistent.length === 0 && !stage.alwaysChanged;
}

/** In the nearest cache first; a cache that refuses is told of and does not spoil the run. */
export async function saveEverywhere(run: StageRun, stage: Stage, ports: PipelinePorts): Promise<StageRun> {
  let named = run;
  for (const cache of ports.caches.filter(({ writable }) => writable)) {
    try {
      const saved = await cache.save(run, stage.local);
      if (named === run) named = saved;
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      ports.observer.note(`${stage.name} was not kept in ${cache.address}: ${why}`);
    }
  }
  return named;
}

/** The first cache that has all of a run, after its outputs were put in their places; null when none has. */
export async function restoreStage(
  key: string,
  stage: Stage,
  ports: PipelinePorts,
): Promise<{ run: StageRun; from: string } | null> {
  for (const cache of ports.caches) {
    try {
      const run = await cache.find(key);
      if (
        run === null ||
        !sameSet(
          run.outs.map(({ path }) => path),
          stage.outs,
        )
      )
        continue;
      // What lies there was not made by this key: were we to end half way, nobody must take it for whole.
      await ports.memory.forget(stage.name);
      if (await cache.restore(run)) return { run, from: cache.address };
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      ports.observer.note(`${stage.name} could not be taken from ${cache.address}: ${why}`);
    }
  }
  return null;
}

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((one) => right.includes(one));
}
