/** Parameters that a stage declares of one file; `names` null means the whole file. */
export type ParameterUse = { file: string; names: string[] | null };

/** One stage of a pipeline with everything resolved. Paths are relative to the repository root. */
export type Stage = {
  name: string;
  /** Run one after the other by a shell. */
  commands: string[];
  /** Where the commands run; '' is the root. */
  directory: string;
  deps: string[];
  parameters: ParameterUse[];
  /** Everything it writes: outs, metrics and plots. */
  outs: string[];
  /** Those of `outs` that hold metrics. */
  metrics: string[];
  /** Never run: what it made is taken as it lies in the repository. */
  frozen: boolean;
  /** Never restored from an earlier run. */
  alwaysChanged: boolean;
};
