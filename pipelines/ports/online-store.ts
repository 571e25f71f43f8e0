/** A value as it is kept and handed out. Numbers that JSON cannot hold are texts: `NaN`, `Infinity`, whole ones past 2^53. */
export type OnlineValue = string | number | boolean | null;

/** What is known of one entity. Times are microseconds since 1970, UTC. */
export type OnlineRecord = {
  event: number;
  /** Null when the view has no created time. */
  created: number | null;
  values: Readonly<Record<string, OnlineValue>>;
};

export type OnlineRow = OnlineRecord & { key: string };

/**
 * The newest features by entity, for serving. A space holds the entities of one definition of a view. Writing is atomic
 * per row whoever else writes: a row replaces another only when its event time is later, or at one event time its created
 * time, or at both its values' digest is greater; so rows may come in any order, and twice. Throws `store-failed`.
 */
export type OnlineStore = {
  /** For messages; carries no secrets. */
  readonly address: string;
  /** How many rows were newer than what was there. */
  write(space: string, rows: readonly OnlineRow[]): Promise<{ written: number }>;
  /** One answer per key, in their order; null for an entity that is not there. */
  read(space: string, keys: readonly string[]): Promise<(OnlineRecord | null)[]>;
  /** Small documents beside the rows: what is served, and how far it is filled. */
  put(documents: Readonly<Record<string, string>>): Promise<void>;
  get(name: string): Promise<string | null>;
  /** Names of documents that begin with `prefix`, sorted. */
  list(prefix: string): Promise<string[]>;
  close(): Promise<void>;
};
