import type { SourceTree } from '../ports/source-tree.ts';

/** Data files of one tree: the working directory, or a commit. */
export type FeatureFiles = {
  tree: SourceTree;
  /** Integrity of a data file: the one its pointer names, else that of its bytes; null when it is not there. */
  identify(path: string): Promise<string | null>;
  /**
   * A file of this machine that holds exactly those bytes. Throws `data-missing` when nobody has them and `data-differs`
   * when the file is not what its pointer names.
   */
  open(path: string, integrity: string): Promise<string>;
};

/** A view built once: a Parquet file, rows sorted by keys, times and values. */
export type Build = { file: string; facts: BuildFacts };

/** What is known of the rows of a build. Times are UTC, null when there are no rows. */
export type BuildFacts = {
  rows: number;
  bytes: number;
  integrity: string;
  /** Rows that no join can ever find: a key, the event time or a declared created time is missing. */
  unreachable: number;
  /** Groups of rows with one key and the same times but different values; the greatest values win. */
  ambiguous: number;
  first: string | null;
  last: string | null;
};

/** Builds by version. A version names one table, so what is there is never replaced. */
export type BuildCache = {
  find(version: string): Promise<Build | null>;
  /** Lets `make` write a file and keeps it with its facts; visible whole or not at all. */
  keep(version: string, make: (file: string) => Promise<Omit<BuildFacts, 'bytes' | 'integrity'>>): Promise<Build>;
};
