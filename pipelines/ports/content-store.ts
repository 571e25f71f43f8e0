/** What lies behind a pointer: one file, or a directory by the integrity of its root tree object. */
export type StoredContent = { type: 'file' | 'directory'; integrity: string };

/** The content-addressed store: bytes named by their integrity. Reads verify, writes are atomic and idempotent. */
export type ContentStore = {
  has(integrity: string): Promise<boolean>;
  /** Bytes of what is stored under the name, null when nothing is. */
  size(integrity: string): Promise<number | null>;
  /** Copies the bytes to `destination` and verifies them; throws `content-missing` or `content-corrupt`. */
  get(integrity: string, destination: string): Promise<void>;
  /** Stores a file and returns its integrity and size. */
  put(file: string): Promise<{ integrity: string; size: number }>;
  /** Makes `destination` the directory behind a root tree: all of it or, when something is missing, nothing. */
  getTree(integrity: string, destination: string): Promise<void>;
  /** Stores every file below a directory; `size` is the bytes of all of them. */
  putTree(directory: string): Promise<{ integrity: string; size: number; files: number }>;
};
