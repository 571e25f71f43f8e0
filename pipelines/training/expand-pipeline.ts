import posix from 'node:path/posix';
import type { Parameter } from '../contracts/run-record.ts';
import type { SourceTree } from '../ports/source-tree.ts';
import { overrideParameters } from './override-parameters.ts';
import { type PipelineFault, PipelineInvalid } from './pipeline-invalid.ts';
import { rememberParameters } from './read-parameters.ts';
import { readPipeline } from './read-pipeline.ts';
import { resolveParameters, type StageParameters } from './resolve-parameters.ts';
import type { Stage } from './stage.ts';

export type ExpandedPipeline = {
  stages: Stage[];
  /** Values of the declared parameters by stage name. */
  parameters: Map<string, StageParameters>;
};

/**
 * All stages of one or several `dvc.yaml` files after templating, with the values of their parameters. Stages of the first
 * file keep their names, those of others are called `folder/dvc.yaml:name`, as in DVC. `overrides` replace parameters by
 * dotted name (`train.lr`, or `file.yaml:train.lr`). Throws `PipelineInvalid` with every fault of every file.
 */
export async function expandPipeline(
  tree: SourceTree,
  files: readonly string[],
  overrides: Readonly<Record<string, Parameter>> = {},
): Promise<ExpandedPipeline> {
  const seen = overrideParameters(tree, overrides);
  const faults: PipelineFault[] = [];
  const stages: Stage[] = [];
  for (const file of files) {
    try {
      const own = await readPipeline(seen, file);
      stages.push(...own.map((stage) => (file === files[0] ? stage : { ...stage, name: `${file}:${stage.name}` })));
    } catch (thrown) {
      if (!(thrown instanceof PipelineInvalid)) throw thrown;
      faults.push(...thrown.faults);
    }
  }
  const read = rememberParameters(seen);
  const parameters = new Map<string, StageParameters>();
  for (const stage of stages) parameters.set(stage.name, await resolveParameters(stage, read, faults));
  if (faults.length > 0) throw new PipelineInvalid(files.map((file) => posix.normalize(file)).join(', '), faults);
  return { stages, parameters };
}
