import { PulltrainError } from '../errors.ts';

/** One thing wrong in `pulltrain.yml`; line and column count from 1. */
export type ConfigFault = {
  line: number;
  column: number;
  /** Dotted path of the key, '' for the whole file. */
  path: string;
  message: string;
};

/** All faults of one configuration file, in the order in which a reader meets them. */
export class ConfigInvalid extends PulltrainError {
  readonly faults: readonly ConfigFault[];

  constructor(file: string, faults: readonly ConfigFault[]) {
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
    const lines = faults.map(({ line, column, path, message }) => {
      const subject = path === '' ? message : `${path}: ${message}`;
      return `\n  ${file}:${line}:${column} ${subject}`;
    });
    super('config-invalid', { what: `${count}${lines.join('')}`, where: file });
    this.faults = faults;
  }
}
