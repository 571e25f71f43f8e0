import type { StageRun } from '../contracts/stage-run.ts';
import type { StageResult } from './pipeline-ports.ts';
import type { StageParameters } from './resolve-parameters.ts';
import type { Stage } from './stage.ts';

/** Why a stage must run, in words; null when everything that goes in is what it was the last time. */
export function whyRun(
  stage: Stage,
  last: StageRun | null,
  key: string,
  inputs: StageResult['inputs'],
  parameters: StageParameters,
  force: boolean,
): string | null {
  if (force) return 'it was asked for';
  if (stage.alwaysChanged) return 'it always runs';
  if (stage.deps.length + stage.external.length + stage.outs.length === 0) return 'it has no inputs and no outputs';
  if (last === null) return 'it has not run here before';
  if (last.key === key) return null;
  const before = new Map(last.deps.map(({ path, fingerprint }) => [path, fingerprint]));
  const changed = inputs.filter(({ path, fingerprint }) => before.get(path) !== fingerprint).map(({ path }) => path);
  if (changed.length > 0) return `${listFew(changed)} changed`;
  if (JSON.stringify(last.commands) !== JSON.stringify(stage.commands)) return 'its command changed';
  const names = changedParameters(last.parameters, parameters);
  return names.length > 0 ? `${listFew(names)} changed` : 'its definition changed';
}

function changedParameters(before: StageParameters, now: StageParameters): string[] {
  return Object.entries(now).flatMap(([file, values]) =>
    Object.entries(values)
      .filter(([name, value]) => JSON.stringify(before[file]?.[name]) !== JSON.stringify(value))
      .map(([name]) => (name === '*' ? file : name)),
  );
}

function listFew(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}
