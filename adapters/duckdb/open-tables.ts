import { DOUBLE, type DuckDBConnection, DuckDBDataChunk, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import type { Cell, Row, Tables } from '../../pipelines/ports/tables.ts';

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
      const reader = await connection.runAndReadAll(sql);
      const available = reader.columnNames();
      const columns = reader.getColumns();
      return Object.fromEntries(
        names.map((name) => {
          const values = columns[available.indexOf(name)] ?? [];
          return [name, Float64Array.from(values, toFloat)];
        }),
      );
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
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const types = Object.keys(columns).map((name) => `${quoted(name)} DOUBLE`);
  await connection.run(`CREATE OR REPLACE TEMP TABLE ${quoted(table)} (${types.join(', ')})`);
  const values = Object.values(columns);
  const rows = values[0]?.length ?? 0;
  const appender = await connection.createAppender(table);
  for (let start = 0; start < rows; start += vectorRows) {
    const chunk = DuckDBDataChunk.create(values.map(() => DOUBLE));
    chunk.setColumns(
      values.map((column) =>
        Array.from(column.subarray(start, start + vectorRows), (value) => (Number.isNaN(value) ? null : value)),
      ),
    );
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
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

function toFloat(value: DuckDBValue): number {
  const cell = toCell(value);
  return cell === null ? Number.NaN : Number(cell);
}
