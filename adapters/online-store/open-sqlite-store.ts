import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { OnlineStore } from '../../pipelines/ports/online-store.ts';
import { readRecord } from './read-record.ts';
import { never, tieOf } from './tie-of.ts';

const schema = `
CREATE TABLE IF NOT EXISTS features (
  space TEXT NOT NULL, key TEXT NOT NULL, event INTEGER NOT NULL, created INTEGER NOT NULL, tie TEXT NOT NULL,
  vals TEXT NOT NULL, PRIMARY KEY (space, key)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

/** Milliseconds that a writer waits for another one. */
const patience = 30_000;

/** The embedded online store: one SQLite file, for as many processes as one machine has. */
export function openSqliteStore(file: string): OnlineStore {
  const guard = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (cause) {
      throw new PulltrainError('store-failed', { what: 'the online store cannot be used', where: file, cause });
    }
  };
  const database = guard(() => openDatabase(file));
  const statement = (sql: string) => guard(() => database.prepare(sql));
  const upsert = statement(`INSERT INTO features (space, key, event, created, tie, vals) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (space, key) DO UPDATE SET event = excluded.event, created = excluded.created, tie = excluded.tie, vals = excluded.vals
WHERE (excluded.event, excluded.created, excluded.tie) > (features.event, features.created, features.tie)`);
  const select = statement('SELECT event, created, vals FROM features WHERE space = ? AND key = ?');
  const putDocument = statement(
    'INSERT INTO documents (name, text) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET text = excluded.text',
  );
  const getDocument = statement('SELECT text FROM documents WHERE name = ?');
  const listDocuments = statement('SELECT name FROM documents WHERE substr(name, 1, length(?)) = ? ORDER BY name');

  function inTransaction<Result>(work: () => Result): Result {
    return guard(() => {
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (fault) {
        database.exec('ROLLBACK');
        throw fault;
      }
    });
  }

  return {
    address: file,
    async write(space, rows) {
      return inTransaction(() => {
        let written = 0;
        for (const { key, event, created, values } of rows) {
          const { changes } = upsert.run(space, key, event, created ?? never, tieOf(values), JSON.stringify(values));
          written += Number(changes);
        }
        return { written };
      });
    },
    async read(space, keys) {
      return guard(() => keys.map((key) => recordOf(select, space, key, file)));
    },
    async put(documents) {
      inTransaction(() => {
        for (const [name, text] of Object.entries(documents)) putDocument.run(name, text);
      });
    },
    async get(name) {
      const text = guard(() => getDocument.get(name))?.text;
      return typeof text === 'string' ? text : null;
    },
    async list(prefix) {
      return guard(() => listDocuments.all(prefix, prefix)).map(({ name }) => String(name));
    },
    async close() {
      database.close();
    },
  };
}

function openDatabase(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file, { timeout: patience });
  // Readers go on while one writes; a crash of the machine may cost the last writes, which the next run brings again.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  database.exec(schema);
  return database;
}

function recordOf(select: StatementSync, space: string, key: string, file: string) {
  const found = select.get(space, key);
  if (found === undefined) return null;
  return readRecord({ event: Number(found.event), created: Number(found.created), values: String(found.vals) }, file);
}
