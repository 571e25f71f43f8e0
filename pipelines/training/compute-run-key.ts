import type { ModelConfig } from '../config/schema.ts';
import type { Parameter, Source } from '../contracts/run-record.ts';
import { integrityOfDocument } from '../integrity.ts';
import type { SourceTree } from '../ports/source-tree.ts';
import { identifyDependency } from './identify-dependency.ts';
import { nameParameters } from './name-parameters.ts';
import { makerOf, orderStages, upstreamOf } from './order-stages.ts';
import { type PipelineFault, PipelineInvalid } from './pipeline-invalid.ts';
import { rememberParameters } from './read-parameters.ts';
import { readPipeline } from './read-pipeline.ts';
import { resolveParameters } from './resolve-parameters.ts';
import type { Stage } from './stage.ts';

/** A stage that leads to the model, with the key of everything that goes into it. */
export type KeyedStage = Stage & { key: string };

export type RunIdentity = {
  /** Integrity that names the run. */
  key: string;
  /** In the order in which they run; the last one writes the model. */
  stages: KeyedStage[];
  /** Files that go in and no stage makes, by path. */
  sources: Source[];
  /** Dotted name to value. */
  parameters: { [name: string]: Parameter };
};

/**
 * What a run is, from the files alone: `integrity(canonical JSON of { model, output, stages })`. A stage is
 * `{ cmd, params, deps, outs }` after templating, and `wdir` when it is not the root; its key is the integrity of that.
 *
 * - `cmd`: list of commands as text. `outs`: sorted paths. `params`: file to name to value.
 * - `deps`: path to identity: the integrity of a git file's bytes, or the one its pointer names, or the key of the stage
 *   that makes it; a folder counts by the integrity of its `{ path: integrity }`, with the keys of stages that write into it.
 * - `stages`: documents of the stages that lead to the output, sorted by key, so that names and their order do not count.
 *
 * Commit, branch, file times, modes and files that no stage reads have no part in it. Throws `PipelineInvalid` with every
 * fault, or what `readPipeline` throws.
 */
export async function computeRunKey(subject: {
  name: string;
  model: Pick<ModelConfig, 'pipeline' | 'output'>;
  tree: SourceTree;
}): Promise<RunIdentity> {
  const { name, model, tree } = subject;
  const ordered = orderStages(await readPipeline(tree, model.pipeline), model.output, model.pipeline);
  const faults: PipelineFault[] = [];
  const read = rememberParameters(tree);
  const keyed: (KeyedStage & { document: unknown })[] = [];
  const sources = new Map<string, Source>();
  const parameters: { [name: string]: Parameter } = {};
  for (const stage of ordered) {
    const values = await resolveParameters(stage, read, faults);
    for (const [parameter, value] of nameParameters(values, model.pipeline)) parameters[parameter] = value;
    const document = {
      cmd: stage.commands,
      ...(stage.directory === '' ? {} : { wdir: stage.directory }),
      params: values,
      deps: await identifyDependencies(stage, keyed, tree, sources, faults),
      outs: stage.outs.toSorted(),
      // Where a rule may end the training, the rule is part of what made the model.
      ...(stage.options.stop === undefined ? {} : { stop: stage.options.stop }),
    };
    keyed.push({ ...stage, key: integrityOfDocument(document), document });
  }
  if (faults.length > 0) throw new PipelineInvalid(model.pipeline, faults);
  const documents = keyed.toSorted((left, right) => (left.key < right.key ? -1 : 1)).map(({ document }) => document);
  return {
    key: integrityOfDocument({ model: name, output: model.output, stages: documents }),
    stages: keyed.map(({ document, ...stage }) => stage),
    sources: [...sources.values()].sort((left, right) => (left.path < right.path ? -1 : 1)),
    parameters,
  };
}

async function identifyDependencies(
  stage: Stage,
  made: readonly KeyedStage[],
  tree: SourceTree,
  sources: Map<string, Source>,
  faults: PipelineFault[],
): Promise<Record<string, unknown>> {
  // A map, because a path may be called like a property that every object has, such as __proto__.
  const deps = new Map<string, unknown>();
  for (const dep of stage.deps) {
    const maker = makerOf(dep, made);
    if (maker !== undefined) {
      deps.set(dep, maker.key);
      continue;
    }
    const inside = upstreamOf([dep], made);
    const found = await identifyDependency(tree, dep, (path) => makerOf(path, made) !== undefined);
    for (const source of found?.sources ?? []) sources.set(source.path, source);
    if (inside.length > 0) {
      deps.set(dep, { files: found?.integrity, stages: inside.map(({ key }) => key).sort() });
    } else if (found !== null) {
      deps.set(dep, found.integrity);
    } else {
      const message = `depends on ${dep}, which is neither in the repository nor made by a stage, and has no pointer`;
      faults.push({ where: stage.place, message: `stage ${stage.name}: ${message}` });
    }
  }
  for (const dep of stage.external) {
    const message = `depends on ${dep}, which is not in the repository; keep it with "pulltrain data add", so that everybody trains on the same`;
    faults.push({ where: stage.place, message: `stage ${stage.name}: ${message}` });
  }
  return Object.fromEntries(deps);
}
