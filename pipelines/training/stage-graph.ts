import type { PipelineFault } from './pipeline-invalid.ts';
import type { Stage } from './stage.ts';

/** Who makes what: looks up paths among the outputs of stages without walking through all of them. */
export type StageGraph<One extends Stage> = {
  /** Stages that write what is read at these paths, around it or in it, in the order of the stages. */
  makersOf(paths: readonly string[]): One[];
  upstream(stage: One): One[];
  downstream(stage: One): One[];
  /** Two outputs at one place, names given twice, and every stage that depends on itself. */
  faults: PipelineFault[];
};

export function linkStages<One extends Stage>(stages: readonly One[]): StageGraph<One> {
  const outputs = stages
    .flatMap((stage) => stage.outs.map((out) => ({ path: out, stage })))
    .sort((left, right) => (left.path < right.path ? -1 : left.path > right.path ? 1 : 0));
  const position = new Map(stages.map((stage, index) => [stage, index]));
  const byPath = Map.groupBy(outputs, ({ path }) => path);

  function makersOf(paths: readonly string[]): One[] {
    const found = new Set<One>();
    for (const path of paths) {
      for (const around of pathsAround(path)) for (const { stage } of byPath.get(around) ?? []) found.add(stage);
      const inside = path === '' ? '' : `${path}/`;
      for (let index = firstAtLeast(outputs, inside); index < outputs.length; index++) {
        const output = outputs[index];
        if (output === undefined || !output.path.startsWith(inside)) break;
        found.add(output.stage);
      }
    }
    return [...found].sort((left, right) => (position.get(left) ?? 0) - (position.get(right) ?? 0));
  }

  const up = new Map(stages.map((stage) => [stage, makersOf(stage.deps)]));
  const down = new Map<One, One[]>(stages.map((stage) => [stage, []]));
  for (const [stage, makers] of up) for (const maker of makers) down.get(maker)?.push(stage);
  const upstream = (stage: One) => up.get(stage) ?? [];
  return {
    makersOf,
    upstream,
    downstream: (stage) => down.get(stage) ?? [],
    faults: [...overlaps(outputs, byPath, position), ...namesTwice(stages), ...cycles(stages, upstream)],
  };
}

/** The path itself and every folder around it. */
function pathsAround(path: string): string[] {
  const parts = path.split('/');
  return ['', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))];
}

function firstAtLeast(outputs: readonly { path: string }[], least: string): number {
  let low = 0;
  let high = outputs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((outputs[middle]?.path ?? '') < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

type Output<One> = { path: string; stage: One };

function overlaps<One extends Stage>(
  outputs: readonly Output<One>[],
  byPath: ReadonlyMap<string, readonly Output<One>[]>,
  position: ReadonlyMap<One, number>,
): PipelineFault[] {
  const at = (stage: One) => position.get(stage) ?? 0;
  return outputs
    .flatMap((output) =>
      pathsAround(output.path)
        .flatMap((around) => byPath.get(around) ?? [])
        .filter((other) => other !== output && (other.path !== output.path || at(other.stage) < at(output.stage)))
        .map((other) => {
          // Told at the later of the two, where the mistake most likely is.
          const [first, later] = at(other.stage) <= at(output.stage) ? [other, output] : [output, other];
          const what =
            first.path === later.path
              ? `writes ${later.path}, which stage ${first.stage.name} writes too`
              : `writes ${later.path}, which overlaps ${first.path} of stage ${first.stage.name}`;
          return { at: at(later.stage), fault: faultOf(later.stage, what) };
        }),
    )
    .sort((left, right) => left.at - right.at)
    .map(({ fault }) => fault);
}

function namesTwice(stages: readonly Stage[]): PipelineFault[] {
  const seen = new Set<string>();
  return stages.flatMap((stage) => {
    if (seen.has(stage.name)) return [faultOf(stage, 'two stages have this name')];
    seen.add(stage.name);
    return [];
  });
}

/** One fault for each circle that a walk through the stages closes. */
function cycles<One extends Stage>(stages: readonly One[], upstream: (stage: One) => One[]): PipelineFault[] {
  const done = new Set<One>();
  const faults: PipelineFault[] = [];
  for (const start of stages) {
    // A stack of its own: a thousand stages in a row are deeper than a language likes.
    const trail: { stage: One; rest: One[] }[] = [];
    const onTrail = new Set<One>();
    const enter = (stage: One) => {
      onTrail.add(stage);
      trail.push({ stage, rest: [...upstream(stage)] });
    };
    if (!done.has(start)) enter(start);
    while (trail.length > 0) {
      const top = trail.at(-1);
      const next = top?.rest.shift();
      if (top === undefined) break;
      if (next === undefined) {
        trail.pop();
        onTrail.delete(top.stage);
        done.add(top.stage);
      } else if (onTrail.has(next)) {
        const from = trail.findIndex(({ stage }) => stage === next);
        const names = [...trail.slice(from).map(({ stage }) => stage.name), next.name];
        faults.push(faultOf(next, `depends on itself: ${names.join(' -> ')}`));
      } else if (!done.has(next)) enter(next);
    }
  }
  return faults;
}

function faultOf(stage: Stage, message: string): PipelineFault {
  return { where: stage.place, message: `stage ${stage.name}: ${message}` };
}
