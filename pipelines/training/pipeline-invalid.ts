import { PulltrainError } from '../errors.ts';

/** One thing wrong in a pipeline; `where` is `dvc.yaml:12:3`, a stage or a parameter file. */
export type PipelineFault = { where: string; message: string };

/** All faults of a pipeline that keep it from being run or identified. */
export class PipelineInvalid extends PulltrainError {
  readonly faults: readonly PipelineFault[];

  constructor(file: string, faults: readonly PipelineFault[]) {
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
    super('pipeline-invalid', {
      what: `${count}${faults.map(({ where, message }) => `\n  ${where}: ${message}`).join('')}`,
      where: file,
    });
    this.faults = faults;
  }
}
