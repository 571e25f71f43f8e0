import type { StageOptions } from './stage-options.ts';

/** Parameters that a stage declares of one file; `names` null means the whole file. */
export type ParameterUse = { file: string; names: string[] | null };

/** One stage of a pipeline with everything resolved. Paths are relative to the repository root. */
export type Stage = {
  name: string;
  /** Where it stands: `dvc.yaml:12:3`. */
  place: string;
  /** Run one after the other by a shell. */
  commands: string[];
  /** Where the commands run; '' is the root. */
  directory: string;
  deps: string[];
  /** Dependencies outside of the repository, as written: absolute paths, paths that climb out of it, and URLs. */
  external: string[];
  parameters: ParameterUse[];
  /** Everything it writes: outs, metrics and plots. */
  outs: string[];
  /** Those of `outs` that hold metrics. */
  metrics: string[];
  /** Those of `outs` that stay when the stage runs again, so that it goes on from them; never taken from an earlier run. */
  persistent: string[];
  /** Those of `outs` that are not shared through a remote. */
  local: string[];
  /** Those of `outs` that git keeps itself (`cache: false`). */
  uncached: string[];
  /** The DVC remotes of those of `outs` that name one. */
  remotes: Readonly<Record<string, string>>;
  /** Never run: what it made is taken as it lies in the repository. */
  frozen: boolean;
  /** Never restored from an earlier run. */
  alwaysChanged: boolean;
  options: StageOptions;
};
