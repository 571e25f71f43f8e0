import type { StageRun } from '../contracts/stage-run.ts';
import { bringStage } from './bring-stage.ts';
import type { PipelinePorts, StageResult } from './pipeline-ports.ts';
import type { StageParameters } from './resolve-parameters.ts';
import type { Stage } from './stage.ts';
import { linkStages } from './stage-graph.ts';
import { notRun } from './stage-not-run.ts';

export type PipelineRun = {
  /** Each after those it depends on; see `planRun`. */
  stages: readonly Stage[];
  /** Values by stage name. */
  parameters: ReadonlyMap<string, StageParameters>;
  /** Stages at a time. */
  jobs: number;
  /** Seconds for all of them together. */
  seconds: number;
  /** Run stages even when nothing has changed, and take none from a cache. */
  force: boolean;
  /** Say what would run, and run nothing: such stages are `not-run`, with the reason. */
  dry?: boolean;
  /** Start no further stage once one has failed; else those that do not depend on it go on. */
  failFast: boolean;
  code: StageRun['code'];
  signal?: AbortSignal;
};

/**
 * Runs the stages that are not up to date, as many at a time as `jobs` says, each as soon as what it depends on is there.
 * A stage whose inputs are what they were is left alone (`unchanged`), or taken from a cache (`restored`). What finished is
 * remembered at once; what began and did not end is forgotten first, so that half an output is never taken for a whole one.
 * Returns one result per stage in the order given; throws only what is nobody's fault but ours, and `cancelled`.
 */
export async function runPipeline(run: PipelineRun, ports: PipelinePorts): Promise<StageResult[]> {
  const graph = linkStages(run.stages);
  const results = new Map<Stage, StageResult>();
  const running = new Map<Stage, Promise<void>>();
  const waiting = new Set(run.stages);
  const thrown: unknown[] = [];
  const begun = ports.elapsed();

  const settle = (result: StageResult) => {
    results.set(result.stage, result);
    ports.observer.ended(result, results.size, run.stages.length);
  };
  const stopped = () =>
    thrown.length > 0 || (run.failFast && [...results.values()].some(({ status }) => status === 'failed'));

  function startWhatCan(): void {
    for (const stage of waiting) {
      if (running.size >= run.jobs && !stopped()) return;
      const before = graph.upstream(stage);
      const bad = before.find((one) => ['failed', 'not-run'].includes(results.get(one)?.status ?? ''));
      if (stopped() || bad !== undefined) {
        waiting.delete(stage);
        settle(notRun(stage, whyNot(bad, run.dry === true)));
        continue;
      }
      if (!before.every((one) => results.has(one))) continue;
      waiting.delete(stage);
      const left = () => run.seconds - (ports.elapsed() - begun);
      const work = bringStage(stage, run, left, ports, () => results.size)
        .then(settle, (fault: unknown) => {
          thrown.push(fault);
        })
        .finally(() => running.delete(stage));
      running.set(stage, work);
    }
  }

  while (waiting.size > 0 || running.size > 0) {
    const before = waiting.size;
    startWhatCan();
    if (running.size > 0) await Promise.race(running.values());
    else if (waiting.size === before) break;
  }
  if (thrown.length > 0) throw thrown[0];
  return run.stages.map((stage) => results.get(stage) ?? notRun(stage, 'it was not reached'));
}

function whyNot(bad: Stage | undefined, dry: boolean): string {
  if (bad === undefined) return 'another stage failed';
  return dry ? `would run: ${bad.name} comes first` : `what ${bad.name} makes is missing`;
}
