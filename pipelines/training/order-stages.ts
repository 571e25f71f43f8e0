import { PipelineInvalid } from './pipeline-invalid.ts';
import type { Stage } from './stage.ts';
import { linkStages } from './stage-graph.ts';

/**
 * The stages that must run for `output` to be made, each after those it depends on; ties keep the order of the file. A
 * frozen stage is left out: what it made is taken as it lies. Throws `PipelineInvalid` for two stages that write the same
 * place, for a cycle, and when no stage writes `output`.
 */
export function orderStages(stages: readonly Stage[], output: string, file: string): Stage[] {
  const { faults } = linkStages(stages);
  if (faults.length > 0) throw new PipelineInvalid(file, faults);
  const running = stages.filter(({ frozen }) => !frozen);
  const last = makerOf(output, running);
  if (last === undefined) {
    const made = running.flatMap(({ outs }) => outs);
    const message = `no stage writes ${output}, the output of the model (written: ${made.join(', ') || 'nothing'})`;
    throw new PipelineInvalid(file, [{ where: file, message }]);
  }
  return withUpstream([last], running);
}

/** These stages and all they depend on, each after what it needs; for stages without cycles. */
export function withUpstream<One extends Stage>(wanted: readonly One[], stages: readonly One[]): One[] {
  const graph = linkStages(stages);
  const ordered = new Set<One>();
  const trail: { stage: One; rest: One[] }[] = [];
  for (const one of wanted) {
    trail.push({ stage: one, rest: graph.upstream(one) });
    while (trail.length > 0) {
      const top = trail.at(-1);
      if (top === undefined) break;
      const next = top.rest.find((stage) => !ordered.has(stage));
      if (next === undefined || ordered.has(top.stage)) {
        ordered.add(top.stage);
        trail.pop();
      } else trail.push({ stage: next, rest: graph.upstream(next) });
    }
  }
  return [...ordered];
}

/** Stages that write what is read at `deps`, or a part of it, in the order of the file. */
export function upstreamOf<Other extends Stage>(deps: readonly string[], stages: readonly Other[]): Other[] {
  return stages.filter((other) => deps.some((dep) => other.outs.some((out) => touch(dep, out))));
}

/** The stage that writes a path or a folder around it. */
export function makerOf<One extends Stage>(path: string, stages: readonly One[]): One | undefined {
  return stages.find(({ outs }) => outs.some((out) => contains(out, path)));
}

function touch(left: string, right: string): boolean {
  return contains(left, right) || contains(right, left);
}

function contains(outer: string, inner: string): boolean {
  return outer === inner || outer === '' || inner.startsWith(`${outer}/`);
}
