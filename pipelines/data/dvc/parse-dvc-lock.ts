import { z } from 'zod';
import type { Stage } from '../../training/stage.ts';
import type { DvcOut } from './dvc-out.ts';
import { dvcFileInvalid, parseDvcYaml } from './parse-dvc-file.ts';
import { type DvcFault, dvcOutSchema, readDvcOut } from './read-dvc-out.ts';

const stagesSchema = z.record(z.string(), z.looseObject({ outs: z.array(dvcOutSchema).nullish() }));
const lockSchema = z.looseObject({ schema: z.literal('2.0'), stages: stagesSchema.nullish() });

/**
 * What a `dvc.lock` names of the stages that its `dvc.yaml` still has; `path` is where the lock lies. The lock knows
 * neither where a stage ran nor which outs stay in git, so the pipeline has to say. Throws `dvc-file-invalid`.
 */
export function parseDvcLock(
  text: string,
  path: string,
  stages: readonly Pick<Stage, 'name' | 'directory' | 'uncached' | 'remotes'>[],
): { outs: DvcOut[]; faults: DvcFault[] } {
  const value = parseDvcYaml(text, path) ?? { schema: '2.0' };
  // Before DVC 2.0 the stages stood at the top.
  const isOld = typeof value === 'object' && value !== null && !('schema' in value);
  const lock = lockSchema.safeParse(isOld ? { schema: '2.0', stages: value } : value);
  if (!lock.success) throw dvcFileInvalid(path, lock.error);
  const known = new Map(stages.map((stage) => [stage.name, stage]));
  const outs: DvcOut[] = [];
  const faults: DvcFault[] = [];
  for (const [name, { outs: locked }] of Object.entries(lock.data.stages ?? {})) {
    const stage = known.get(name);
    if (stage === undefined) continue;
    for (const out of locked ?? []) {
      const read = readDvcOut(out, { directory: stage.directory, file: path });
      if (stage.uncached.includes(read.path)) continue;
      const remote = stage.remotes[read.path];
      if ('what' in read) faults.push(read);
      else outs.push(remote === undefined ? read : { ...read, remote });
    }
  }
  return { outs, faults };
}
