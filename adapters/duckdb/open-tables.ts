import { DOUBLE, type DuckDBConnection, DuckDBDataChunk, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import type { Cell, Row, Tables } from '../../pipelines/ports/tables.ts';
import { quoteName } from '../../pipelines/quote-sql.ts';
import { readBatches } from './read-batches.ts';

/** Resource limits of one engine; memory in DuckDB's words, e.g. `1GB`. */
export type TableLimits = { memory?: string; threads?: number; temporaryDirectory?: string };

/** Opens an in-memory DuckDB. Times are UTC; larger-than-memory work spills to `temporaryDirectory`. */
export async function openTables(limits: TableLimits = {}): Promise<Tables> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: limits.memory ?? '2GB',
    ...(limits.threads === undefined ? {} : { threads: String(limits.threads) }),
    ...(limits.temporaryDirectory === undefined ? {} : { temp_directory: limits.temporaryDirectory }),
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");

  return {
    async query(sql, parameters = []) {
      const reader = await connection.runAndReadAll(sql, [...parameters]);
      const names = reader.columnNames();
      return reader.getRows().map((values) => toRow(names, values));
    },
    async columns(sql, names) {
      const list = names.map((name) => `TRY_CAST(${quoteName(name)} AS DOUBLE)`).join(', ');
      const result = await connection.run(`SELECT ${list} FROM (${sql})`);
      const columns = names.map(() => new Float64Array(result.rowCount));
      let at = 0;
      // Chunk by chunk, so that not all of them are held beside the columns.
      for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
        if (chunk.rowCount === 0) break;
        for (const [index, values] of columns.entries()) fillColumn(values, at, chunk, index);
        at += chunk.rowCount;
      }
      return Object.fromEntries(names.map((name, index) => [name, columns[index] ?? new Float64Array()]));
    },
    async *stream(sql, rows) {
      // A result that is being read belongs to its connection, which can do nothing else meanwhile.
      const own = await instance.connect();
      try {
        await own.run("SET TimeZone = 'UTC'");
        yield* readBatches(await own.stream(sql), rows);
      } finally {
        own.closeSync();
      }
    },
    async load(table, columns) {
      await loadTable(connection, table, columns);
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Rows that DuckDB keeps in one vector. */
const vectorRows = 2048;

async function loadTable(
  connection: DuckDBConnection,
  table: string,
  columns: Record<string, Float64Array>,
): Promise<void> {
  const types = Object.keys(columns).map((name) => `${quoteName(name)} DOUBLE`);
  await connection.run(`CREATE OR REPLACE TEMP TABLE ${quoteName(table)} (${types.join(', ')})`);
  const values = Object.values(columns);
  const rows = values[0]?.length ?? 0;
  const appender = await connection.createAppender(table);
  for (let start = 0; start < rows; start += vectorRows) {
    const count = Math.min(vectorRows, rows - start);
    const chunk = DuckDBDataChunk.create(
      values.map(() => DOUBLE),
      count,
    );
    values.forEach((column, index) => {
      const vector = chunk.getColumnVector(index);
      for (let row = 0; row < count; row += 1) {
        const value = column[start + row] ?? Number.NaN;
        vector.setItem(row, Number.isNaN(value) ? null : value);
      }
      vector.flush();
    });
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

/** A vector from place `at` on, without a value of its own for every cell, which is ten times as fast. */
function fillColumn(values: Float64Array, at: number, chunk: DuckDBDataChunk, index: number): void {
  const vector = chunk.getColumnVector(index);
  const rows = chunk.rowCount;
  for (let row = 0; row < rows; row += 1) {
    const value = vector.getItem(row);
    values[at + row] = typeof value === 'number' ? value : Number.NaN;
  }
}

function toRow(names: readonly string[], values: readonly DuckDBValue[]): Row {
  return Object.fromEntries(names.map((name, index) => [name, toCell(values[index] ?? null)]));
}

function toCell(value: DuckDBValue): Cell {
  if (value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
    return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'object' && 'toDouble' in value && typeof value.toDouble === 'function')
    return Number(value.toDouble());
  return String(value);
}
