import type { Parameter } from '../contracts/run-record.ts';
import { type Context, memberOf } from './interpolate.ts';
import type { PipelineFault } from './pipeline-invalid.ts';
import type { ParameterReader } from './read-parameters.ts';
import type { Stage } from './stage.ts';

/** Values of the parameters a stage declares, file by file and name by name; `*` is the whole file. */
export type StageParameters = { [file: string]: { [name: string]: Parameter } };

/** Looks up every declared parameter; what is not there goes into `faults`. */
export async function resolveParameters(
  stage: Stage,
  read: ParameterReader,
  faults: PipelineFault[],
): Promise<StageParameters> {
  const resolved = new Map<string, Context>();
  for (const { file, names } of stage.parameters) {
    const values = await read(file);
    if (values === null) {
      faults.push({ where: stage.place, message: `stage ${stage.name}: the parameter file ${file} is not there` });
      continue;
    }
    resolved.set(file, names === null ? { '*': values } : pick(values, names, file, stage, faults));
  }
  return Object.fromEntries(resolved);
}

function pick(values: Context, names: readonly string[], file: string, stage: Stage, faults: PipelineFault[]): Context {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = name.split('.').reduce<Parameter | undefined>(memberOf, values);
      if (value !== undefined) return [[name, value]];
      faults.push({ where: stage.place, message: `stage ${stage.name}: ${file} has no parameter "${name}"` });
      return [];
    }),
  );
}
