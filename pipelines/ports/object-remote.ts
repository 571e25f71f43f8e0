/** `modifiedAt` is in milliseconds since 1970, absent where the remote does not tell. */
export type RemoteObject = { name: string; size: number; modifiedAt?: number };

/**
 * A flat map from names to immutable bytes somewhere else: a directory, an S3 bucket, the assets of GitHub Releases. Names are
 * slash-separated segments of `[a-z0-9._-]`. An object is visible whole or not at all; writing one that is there changes nothing.
 * Nothing is verified here: whoever reads knows the digest. Throws `remote-failed`, and `object-missing` from `read`.
 */
export type ObjectRemote = {
  /** For messages; carries no secrets. */
  readonly address: string;
  /** Bytes, or null when there is no such object. */
  size(name: string): Promise<number | null>;
  /** Objects whose names begin with `prefix`, in no particular order. */
  list(prefix: string): AsyncIterable<RemoteObject>;
  /** Bytes from `start` (included) to `end` (excluded); to the end when left out. */
  read(name: string, range?: { start: number; end?: number }): AsyncIterable<Uint8Array>;
  /** Copies an object to a new file of this machine, synced; only where that is faster than reading. */
  fetch?(name: string, file: string): Promise<void>;
  write(name: string, source: { file: string; size: number } | Uint8Array): Promise<void>;
  /** Removing what is not there is no error. */
  remove(name: string): Promise<void>;
};
