import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { flightFeaturesSql } from './flight-features-sql.ts';
import { quoteSql } from './quote-sql.ts';

/** Which columns a table gets: `basic` lacks the late rates, `rates` is all of them, `traffic` is all but the label. */
export type FlightColumns = 'basic' | 'rates' | 'traffic';

/** One Parquet file to write: the flights of the days `from` to `to`, both inclusive, as `YYYY-MM-DD`. */
export type FlightTable = { path: string; from: string; to: string; columns: FlightColumns };

/** What was written; `shape` is ready for a pointer file. */
export type PreparedTable = FlightTable & {
  /** Of the file. */
  bytes: number;
  seconds: number;
  shape: {
    rows: number;
    columns: { name: string; type: string }[];
    /** First and last day that has a flight. */
    time: { column: 'date'; from: string; to: string };
  };
};

const columnsOf: Record<FlightColumns, string> = {
  basic: '* EXCLUDE (origin_late_rate_7d, destination_late_rate_7d)',
  rates: '*',
  traffic: '* EXCLUDE (late)',
};

/** People ask about a flight when they book it, so requests come in no order of departure. */
const orderOf: Record<FlightColumns, string> = { basic: '', rates: '', traffic: 'ORDER BY md5(flight_id::VARCHAR)' };

/**
 * Builds the flight features once and cuts every table asked for out of them. The same source and table give the same
 * bytes: rows in a fixed order, row groups of a fixed size. A file appears under its name only when it is complete.
 * @throws Error when a table has no rows, or when the source cannot be read.
 */
export async function prepareFlights(
  source: { flights: string; airports: string },
  tables: readonly FlightTable[],
): Promise<PreparedTable[]> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '2GB' });
  const connection = await instance.connect();
  try {
    for (const statement of flightFeaturesSql(source)) await connection.run(statement);

    const prepared: PreparedTable[] = [];
    for (const table of tables) {
      const started = performance.now();
      await mkdir(dirname(table.path), { recursive: true });
      const selection = `SELECT ${columnsOf[table.columns]} FROM features
        WHERE date >= DATE '${table.from}' AND date < DATE '${table.to}' + INTERVAL 1 DAY
        ${orderOf[table.columns]}`;
      const shape = await describe(selection);
      const unfinished = `${table.path}.${process.pid}.part`;
      try {
        await connection.run(
          `COPY (${selection}) TO ${quoteSql(unfinished)}
           (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`,
        );
        await rename(unfinished, table.path);
      } finally {
        await rm(unfinished, { force: true });
      }
      const { size } = await stat(table.path);
      prepared.push({ ...table, bytes: size, seconds: (performance.now() - started) / 1000, shape });
    }
    return prepared;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }

  async function describe(selection: string): Promise<PreparedTable['shape']> {
    const reader = await connection.runAndReadAll(
      `SELECT count(*)::INTEGER, min(date)::DATE::VARCHAR, max(date)::DATE::VARCHAR FROM (${selection})`,
    );
    const [rows, from, to] = reader.getRows()[0] ?? [];
    if (typeof rows !== 'number' || typeof from !== 'string' || typeof to !== 'string')
      throw new Error(`No flights to write: ${selection}`);
    const description = await connection.runAndReadAll(`DESCRIBE ${selection}`);
    const columns = description.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
    return { rows, columns, time: { column: 'date', from, to } };
  }
}
