import { nearestName } from '../config/nearest-name.ts';
import { PulltrainError } from '../errors.ts';
import { withUpstream } from './order-stages.ts';
import { PipelineInvalid } from './pipeline-invalid.ts';
import type { Stage } from './stage.ts';
import { linkStages } from './stage-graph.ts';

export type RunSelection = {
  /** Names of stages, of groups (`train` for every `train@...`), or paths of outputs; empty for all of `stages`. */
  targets: readonly string[];
  /** These stages alone, without what they depend on. */
  single?: boolean;
  /** These stages and those that depend on them. */
  downstream?: boolean;
};

/**
 * The stages that a run is about, each after those it depends on. Throws `PipelineInvalid` with every fault of the graph,
 * and `stage-unknown` for a name that is none.
 */
export function planRun(stages: readonly Stage[], selection: RunSelection, file: string): Stage[] {
  const graph = linkStages(stages);
  if (graph.faults.length > 0) throw new PipelineInvalid(file, graph.faults);
  const wanted = selection.targets.length === 0 ? stages : selection.targets.flatMap((name) => find(name, stages));
  if (selection.single === true) return keep(withUpstream(wanted, stages), new Set(wanted));
  if (selection.downstream !== true) return withUpstream(wanted, stages);
  const following = new Set(wanted);
  for (const stage of following) for (const next of graph.downstream(stage)) following.add(next);
  return keep(withUpstream([...following], stages), following);
}

function keep(ordered: readonly Stage[], wanted: ReadonlySet<Stage>): Stage[] {
  return ordered.filter((stage) => wanted.has(stage));
}

function find(name: string, stages: readonly Stage[]): Stage[] {
  const found = stages.filter((stage) => stage.name === name || stage.name.startsWith(`${name}@`));
  if (found.length > 0) return found;
  const makers = stages.filter(({ outs }) => outs.includes(name.replace(/\/$/, '')));
  if (makers.length > 0) return makers;
  const names = stages.map((stage) => stage.name);
  const meant = nearestName(name, names);
  throw new PulltrainError('stage-unknown', {
    what: 'there is no stage of this name, and none that writes such a file',
    seen: name,
    allowed: names.slice(0, 50).join(', '),
    ...(meant === undefined ? {} : { cure: `Did you mean ${meant}?` }),
  });
}
