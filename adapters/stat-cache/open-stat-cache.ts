import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Numbers of a file by which a change is seen: size, mtime and ctime in milliseconds, inode. */
export const statLength = 4;

/** A run of the entries of a folder as they were when they were last read; `names` are joined by NUL. */
export type CachedRun = {
  first: string;
  names: string;
  /** `statLength` numbers for each entry; not a number where the file was too young to be sure. */
  stats: Float64Array;
  integrity: string;
  size: number;
  files: number;
};

/** What a look at a folder found: first names of the runs that are as they were, and the runs that were read. */
export type FolderRuns = { kept: readonly string[]; read: Iterable<CachedRun & { digests: Uint8Array }> };

export type CachedFile = { stats: Float64Array; integrity: string };

/** What is known of files by their stat alone, so that nothing is read twice. Losing it costs time and nothing else. */
export type StatCache = {
  runs(folder: string): CachedRun[];
  /** sha512 digests of all entries of a folder, 64 bytes each, by the first name of their run. */
  digests(folder: string): Map<string, Uint8Array>;
  /** Remembers the runs that were read and forgets those of their folder that are neither among them nor in `kept`. */
  saveRuns(folders: Iterable<readonly [folder: string, runs: FolderRuns]>): void;
  file(path: string): CachedFile | null;
  saveFile(path: string, known: CachedFile): void;
  /** Notes that all of some data is at a remote, as far as is known from here. */
  rememberAt(remote: string, integrity: string): void;
  isAt(remote: string, integrity: string): boolean;
  close(): void;
};

const schema = `
  CREATE TABLE IF NOT EXISTS stat_runs (
    folder TEXT NOT NULL, first TEXT NOT NULL, names TEXT NOT NULL, stats BLOB NOT NULL, digests BLOB NOT NULL,
    integrity TEXT NOT NULL, size INTEGER NOT NULL, files INTEGER NOT NULL, PRIMARY KEY (folder, first)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS pushed (remote TEXT NOT NULL, integrity TEXT NOT NULL, PRIMARY KEY (remote, integrity)) STRICT;
  CREATE TABLE IF NOT EXISTS stat_files (path TEXT PRIMARY KEY, stats BLOB NOT NULL, integrity TEXT NOT NULL) STRICT;
`;

/** Opens the cache at `file`, anew where it is damaged, and in memory where it cannot be written. */
export function openStatCache(file: string): StatCache {
  const database = openDatabase(file);
  const selectRuns = database.prepare(
    'SELECT first, names, stats, integrity, size, files FROM stat_runs WHERE folder = ?',
  );
  const selectDigests = database.prepare('SELECT first, digests FROM stat_runs WHERE folder = ?');
  const selectFirsts = database.prepare('SELECT first FROM stat_runs WHERE folder = ?');
  const insertRun = database.prepare('INSERT OR REPLACE INTO stat_runs VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const deleteRun = database.prepare('DELETE FROM stat_runs WHERE folder = ? AND first = ?');
  const selectFile = database.prepare('SELECT stats, integrity FROM stat_files WHERE path = ?');
  const insertFile = database.prepare('INSERT OR REPLACE INTO stat_files VALUES (?, ?, ?)');
  const insertPushed = database.prepare('INSERT OR REPLACE INTO pushed VALUES (?, ?)');
  const selectPushed = database.prepare('SELECT 1 AS found FROM pushed WHERE remote = ? AND integrity = ?');

  return {
    runs(folder) {
      return selectRuns.all(folder).map((row) => ({
        first: String(row.first),
        names: String(row.names),
        stats: numbersOf(row.stats),
        integrity: String(row.integrity),
        size: Number(row.size),
        files: Number(row.files),
      }));
    },
    digests(folder) {
      return new Map(selectDigests.all(folder).map((row) => [String(row.first), bytesOf(row.digests)]));
    },
    saveRuns(folders) {
      let isOpen = false;
      try {
        for (const [folder, { kept, read }] of folders) {
          if (!isOpen) database.exec('BEGIN IMMEDIATE');
          isOpen = true;
          const gone = new Set(selectFirsts.all(folder).map(({ first }) => String(first)));
          for (const first of kept) gone.delete(first);
          for (const { first, names, stats, digests, integrity, size, files } of read) {
            gone.delete(first);
            insertRun.run(folder, first, names, asBytes(stats), digests, integrity, size, files);
          }
          for (const first of gone) deleteRun.run(folder, first);
        }
        if (isOpen) database.exec('COMMIT');
      } catch (thrown) {
        if (isOpen) database.exec('ROLLBACK');
        throw thrown;
      }
    },
    file(path) {
      const row = selectFile.get(path);
      return row === undefined ? null : { stats: numbersOf(row.stats), integrity: String(row.integrity) };
    },
    saveFile(path, { stats, integrity }) {
      insertFile.run(path, asBytes(stats), integrity);
    },
    rememberAt(remote, integrity) {
      insertPushed.run(remote, integrity);
    },
    isAt: (remote, integrity) => selectPushed.get(remote, integrity) !== undefined,
    close: () => database.close(),
  };
}

function openDatabase(file: string): DatabaseSync {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return prepared(new DatabaseSync(file, { timeout: 10_000 }));
  } catch {
    try {
      for (const one of [file, `${file}-wal`, `${file}-shm`]) rmSync(one, { force: true });
      return prepared(new DatabaseSync(file, { timeout: 10_000 }));
    } catch {
      return prepared(new DatabaseSync(':memory:'));
    }
  }
}

function prepared(database: DatabaseSync): DatabaseSync {
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ${schema}`);
  return database;
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array(0);
}

function numbersOf(value: unknown): Float64Array {
  const copy = Uint8Array.from(bytesOf(value));
  return new Float64Array(copy.buffer, 0, copy.length >> 3);
}

function asBytes(numbers: Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
