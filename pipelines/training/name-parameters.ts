import { dirname, join } from 'node:path/posix';
import type { Parameter } from '../contracts/run-record.ts';
import { flattenParameters } from './read-parameters.ts';
import type { StageParameters } from './resolve-parameters.ts';

/** Dotted names of the leaves; those of another file than `params.yaml` beside the pipeline begin with `<file>:`. */
export function nameParameters(values: StageParameters, pipeline: string): [string, Parameter][] {
  const main = join(dirname(pipeline), 'params.yaml');
  return Object.entries(values).flatMap(([file, named]) =>
    Object.entries(named).flatMap(([name, value]) =>
      flattenParameters(`${file === main ? '' : `${file}:`}${name === '*' ? '' : name}`, value),
    ),
  );
}
