import { PulltrainError } from '../errors.ts';

/** One thing wrong in a definition file; line and column count from 1, `path` is the dotted path of the key. */
export type FeatureFault = { file: string; line: number; column: number; path: string; message: string };

/** All faults of all definition files, in the order of files and lines. */
export class FeaturesInvalid extends PulltrainError {
  readonly faults: readonly FeatureFault[];

  constructor(faults: readonly FeatureFault[]) {
    const sorted = faults.toSorted(
      (left, right) =>
        (left.file < right.file ? -1 : left.file > right.file ? 1 : 0) ||
        left.line - right.line ||
        left.column - right.column,
    );
    const count = sorted.length === 1 ? '1 fault' : `${sorted.length} faults`;
    const lines = sorted.map(({ file, line, column, path, message }) => {
      const subject = path === '' ? message : `${path}: ${message}`;
      return `\n  ${file}:${line}:${column} ${subject}`;
    });
    super('features-invalid', { what: `${count} in the feature definitions${lines.join('')}` });
    this.faults = sorted;
  }
}
