export type LedgerEntry = { path: string; document: unknown };

/** The append-only `ledger` branch: one JSON document per file. */
export type Ledger = {
  /** The parsed JSON at `path`, or null when there is none. The caller parses it by its schema. */
  read(path: string): Promise<unknown>;
  /** Paths of the documents below a folder, sorted. */
  list(folder: string): Promise<string[]>;
  /** Writes all entries in one commit by compare-and-swap; an existing path with other bytes is an error unless `replace`. */
  write(entries: readonly LedgerEntry[], message: string, options?: { replace?: boolean }): Promise<void>;
};

export type LedgerReader = Pick<Ledger, 'read' | 'list'>;
