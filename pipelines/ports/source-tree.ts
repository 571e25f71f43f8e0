/** Files of one git tree or working directory, read as data. Paths are relative with forward slashes. */
export type SourceTree = {
  /** Bytes of a file, or null when it is absent. */
  read(path: string): Promise<Uint8Array | null>;
  /** Paths of files below a folder ('' = everything), sorted. */
  list(folder: string): Promise<string[]>;
};
