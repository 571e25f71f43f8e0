import { PulltrainError } from '../errors.ts';
import { identifyInTree } from '../features/identify-in-tree.ts';
import { pinFeatures } from '../features/pin-features.ts';
import { makerOf } from './order-stages.ts';
import type { Stage } from './stage.ts';
import type { TrainingPorts } from './training-ports.ts';

/**
 * Version of each feature view that the stages join, for the record of a run that has ended; none where nothing is joined.
 * What a stage makes is identified as it now lies in the checkout, everything else by the tree. A view without data, and
 * definitions with faults, which the stage that joins has told of, are left out.
 */
export async function recordFeatures(
  stages: readonly Stage[],
  { tree, workspace }: Pick<TrainingPorts, 'tree'> & { workspace: Pick<TrainingPorts['workspace'], 'integrity'> },
): Promise<Record<string, string>> {
  const identify = async (path: string) =>
    makerOf(path, stages) === undefined ? identifyInTree(tree, path) : workspace.integrity(path, 'sha512-');
  try {
    const pins = await pinFeatures({ stages, served: undefined }, { tree, identify });
    const versions = pins.flatMap(({ views }) => views.map(({ view, version }) => [view, version] as const));
    return Object.fromEntries(
      versions.flatMap(([view, version]) => (version === null ? [] : [[view, version] as const])).sort(),
    );
  } catch (thrown) {
    if (thrown instanceof PulltrainError) return {};
    throw thrown;
  }
}
