import { integrityOfDocument } from '../integrity.ts';
import type { StageParameters } from './resolve-parameters.ts';
import type { Stage } from './stage.ts';

/**
 * What a stage is when its inputs lie there: the integrity of its command, directory, parameters, output paths and the
 * content of every input. Two stages with one key make the same, whatever their names and wherever their inputs came from.
 */
export function contentKey(
  stage: Stage,
  parameters: StageParameters,
  inputs: readonly { path: string; fingerprint: string }[],
): string {
  return integrityOfDocument({
    cmd: stage.commands,
    ...(stage.directory === '' ? {} : { wdir: stage.directory }),
    params: parameters,
    deps: Object.fromEntries(inputs.map(({ path, fingerprint }) => [path, fingerprint])),
    outs: stage.outs.toSorted(),
    ...(stage.options.stop === undefined ? {} : { stop: stage.options.stop }),
  });
}
