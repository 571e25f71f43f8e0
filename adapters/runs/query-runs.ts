import { DuckDBInstance } from '@duckdb/node-api';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Cell, Row } from '../../pipelines/ports/tables.ts';
import type { KnownRun } from '../../pipelines/runs/known-run.ts';
import { runTables } from '../../pipelines/runs/run-tables.ts';

/** Seconds and rows after which a query is given up or cut. */
const longest = 30;
const mostRows = 10_000;

export type QueryAnswer = { columns: string[]; rows: Row[]; cut: boolean };

/**
 * Asks SQL about runs: the tables `runs`, `params`, `metrics` and `stages` in the memory of an engine that can reach no
 * file, no network and no extension, and whose settings are locked. Throws `query-invalid` with what the engine says.
 */
export async function queryRuns(runs: readonly KnownRun[], sql: string): Promise<QueryAnswer> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB' });
  const connection = await instance.connect();
  let timer: NodeJS.Timeout | undefined;
  try {
    for (const { name, columns, rows } of runTables(runs)) {
      const types = Object.entries(columns).map(([column, type]) => `"${column}" ${type}`);
      await connection.run(`CREATE TABLE ${name} (${types.join(', ')})`);
      const appended = await connection.prepare(
        `INSERT INTO ${name} VALUES (${Object.values(columns)
          .map((type, index) => `CAST($${index + 1} AS ${type})`)
          .join(', ')})`,
      );
      for (const row of rows) {
        appended.bind(row.map(plain));
        await appended.run();
      }
    }
    await connection.run(`SET TimeZone = 'UTC'`);
    await connection.run(`SET enable_external_access = false`);
    await connection.run(`SET lock_configuration = true`);
    timer = setTimeout(() => connection.interrupt(), longest * 1000);
    const reader = await connection.runAndReadUntil(sql, mostRows + 1);
    const names = reader.columnNames();
    const all = reader.getRowsJson();
    const rows = all
      .slice(0, mostRows)
      .map((values) => Object.fromEntries(names.map((name, at) => [name, cellOf(values[at])])));
    return { columns: names, rows, cut: all.length > mostRows };
  } catch (cause) {
    throw new PulltrainError('query-invalid', {
      what: cause instanceof Error ? cause.message : String(cause),
      allowed: 'SQL over the tables runs, params, metrics and stages',
      cure: 'Columns: pulltrain runs query "DESCRIBE runs"',
    });
  } finally {
    clearTimeout(timer);
    connection.closeSync();
    instance.closeSync();
  }
}

function plain(cell: Cell): Cell {
  return typeof cell === 'number' && !Number.isFinite(cell) ? null : cell;
}

function cellOf(value: unknown): Cell {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value === null || value === undefined ? null : JSON.stringify(value);
}
