import { type PipelineFault, PipelineInvalid } from './pipeline-invalid.ts';
import type { Stage } from './stage.ts';

/**
 * The stages that must run for `output` to be made, each after those it depends on; ties keep the order of the file. A
 * frozen stage is left out: what it made is taken as it lies. Throws `PipelineInvalid` for two stages that write the same
 * place, for a cycle, and when no stage writes `output`.
 */
export function orderStages(stages: readonly Stage[], output: string, file: string): Stage[] {
  const running = stages.filter(({ frozen }) => !frozen);
  const faults = [...overlaps(stages), ...namesTwice(stages)];
  if (faults.length > 0) throw new PipelineInvalid(file, faults);
  const last = running.find((stage) => makerOf(output, [stage]) !== undefined);
  if (last === undefined) {
    const made = running.flatMap(({ outs }) => outs);
    const message = `no stage writes ${output}, the output of the model (written: ${made.join(', ') || 'nothing'})`;
    throw new PipelineInvalid(file, [{ where: file, message }]);
  }
  const ordered: Stage[] = [];
  visit(last, running, ordered, [], file);
  return ordered;
}

/** Stages that write what is read at `deps`, or a part of it, in the order of the file. */
export function upstreamOf<Other extends Stage>(deps: readonly string[], stages: readonly Other[]): Other[] {
  return stages.filter((other) => deps.some((dep) => other.outs.some((out) => touch(dep, out))));
}

/** The stage that writes a path or a folder around it. */
export function makerOf<One extends Stage>(path: string, stages: readonly One[]): One | undefined {
  return stages.find(({ outs }) => outs.some((out) => contains(out, path)));
}

function visit(stage: Stage, stages: readonly Stage[], ordered: Stage[], trail: readonly string[], file: string): void {
  if (ordered.includes(stage)) return;
  if (trail.includes(stage.name)) {
    const cycle = [...trail.slice(trail.indexOf(stage.name)), stage.name].join(' -> ');
    throw new PipelineInvalid(file, [{ where: `stage ${stage.name}`, message: `depends on itself: ${cycle}` }]);
  }
  for (const upstream of upstreamOf(stage.deps, stages)) visit(upstream, stages, ordered, [...trail, stage.name], file);
  ordered.push(stage);
}

function overlaps(stages: readonly Stage[]): PipelineFault[] {
  const written = stages.flatMap((stage) => stage.outs.map((out) => ({ stage, out })));
  return written.flatMap(({ stage, out }, index) =>
    written
      .slice(0, index)
      .filter((earlier) => touch(earlier.out, out))
      .map((earlier) => ({
        where: `stage ${stage.name}`,
        message:
          earlier.out === out
            ? `writes ${out}, which stage ${earlier.stage.name} writes too`
            : `writes ${out}, which overlaps ${earlier.out} of stage ${earlier.stage.name}`,
      })),
  );
}

function namesTwice(stages: readonly Stage[]): PipelineFault[] {
  const names = stages.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return twice.map((name) => ({ where: `stage ${name}`, message: 'two stages have this name' }));
}

function touch(left: string, right: string): boolean {
  return contains(left, right) || contains(right, left);
}

function contains(outer: string, inner: string): boolean {
  return outer === inner || outer === '' || inner.startsWith(`${outer}/`);
}
